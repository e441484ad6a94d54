# The second command.
# shellcheck shell=bash
tests() { fail "not there yet"; }
