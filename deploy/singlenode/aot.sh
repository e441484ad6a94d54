# AOT caches (JEP 483/514): made once for each build, they halve the start and spare memory.
# shellcheck shell=bash

# Cut short until a cache exists: then the flag that uses it.
aot_flag() { [ ! -s "$NEPHOS_OPT/aot/$1.aot" ] || echo "-XX:AOTCache=$NEPHOS_OPT/aot/$1.aot"; }
