# Names, addresses and paths of a single-node cloud. Every number that two parts must agree on is here.
# shellcheck shell=bash disable=SC2034

NEPHOS_INSTANCE=${NEPHOS_INSTANCE:-}
if [ -n "$NEPHOS_INSTANCE" ]; then
  NEPHOS_HOME=${NEPHOS_HOME:-/var/lib/nephos-$NEPHOS_INSTANCE}
else
  NEPHOS_HOME=${NEPHOS_HOME:-/var/lib/nephos}
fi
# What is downloaded or built and never changes afterwards; a second cloud may share it.
NEPHOS_OPT=${NEPHOS_OPT:-$NEPHOS_HOME/opt}
export NEPHOS_INSTANCE NEPHOS_HOME NEPHOS_OPT

ETC=$NEPHOS_HOME/etc
DATA=$NEPHOS_HOME/data
LOG=$NEPHOS_HOME/log
RUN=$NEPHOS_HOME/run
SECRETS=$ETC/secrets
TLS=$ETC/tls

# Two networks join the hosts: one for the services and agents, one that carries the tenants' Geneve packets.
CONTROL_ADDRESS=10.77.0.1
host_name() { echo "nephos-host-$1"; }
host_address() { echo "10.77.0.$((10 + $1))"; }
tunnel_address() { echo "10.78.0.$((10 + $1))"; }
host_data() { echo "$DATA/hosts/$(host_name "$1")"; }

# The external network: a provider bridge on host 1, with this machine as its gateway.
EXTERNAL_BRIDGE=br-ex
EXTERNAL_NETWORK=172.24.4.0/24
EXTERNAL_GATEWAY=172.24.4.1
PHYSICAL_NETWORK=public

POSTGRES_PORT=15432
KAFKA_PORT=19092
KAFKA_CONTROLLER_PORT=19093
KEYCLOAK_PORT=18080
KEYCLOAK_MANAGEMENT_PORT=18081
OVN_NB_PORT=6641
OVN_SB_PORT=6642
NBD_PORT=10809
CEPH_PORT=3300
AGENT_HTTP_PORT=18800
AGENT_RPC_PORT=18799

REGION=RegionOne
REALM=nephos

# The services, in the order in which they are started and shown.
SERVICES=(identity scheduler image network block compute)
declare -A HTTP_PORT=([identity]=5000 [compute]=8774 [network]=9696 [image]=9292 [block]=8776 [scheduler]=8778)
declare -A RPC_PORT=([identity]=15000 [compute]=18774 [network]=19696 [image]=19292 [block]=18776 [scheduler]=18778)
declare -A ENDPOINT=(
  [identity]=http://127.0.0.1:5000/v3
  [compute]=http://127.0.0.1:8774/v2.1
  [network]=http://127.0.0.1:9696
  [image]=http://127.0.0.1:9292
  [volumev3]=http://127.0.0.1:8776/v3
  [block-storage]=http://127.0.0.1:8776/v3
  [placement]=http://127.0.0.1:8778
)
DATABASES=(identity compute network image block scheduler keycloak)

# What is idle takes little: an AOT cache is used at the address it was made for, so that its pages are the file's and not copies
# (moved, 70 MiB more are a process' own; in return it is known where classes lie), and free memory outside the heap is given back.
LEAN=(-XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -XX:TrimNativeHeapInterval=30000)
# Bounds for the memory of each process of ours; one that still runs out ends, and is started again, rather than limp on. A heap
# begins as large as an idle one is: by itself it begins at its bound, and all of its young part is written to.
# More carriers of virtual threads than cores: docs/adr/0009.
CARRIERS=-Djdk.virtualThreadScheduler.parallelism=16
SERVICE_FLAGS=("$CARRIERS" -Xms40m -Xmn24m -Xmx128m -XX:+ExitOnOutOfMemoryError -XX:+UseSerialGC -XX:+UseCompactObjectHeaders "${LEAN[@]}" --enable-native-access=ALL-UNNAMED)
AGENT_FLAGS=("$CARRIERS" -Xms32m -Xmn16m -Xmx96m -XX:+ExitOnOutOfMemoryError -XX:+UseSerialGC -XX:+UseCompactObjectHeaders "${LEAN[@]}" --enable-native-access=ALL-UNNAMED)
KAFKA_FLAGS=(-Xms32m -Xmx160m -XX:+ExitOnOutOfMemoryError -XX:+UseSerialGC -XX:+UseCompactObjectHeaders "${LEAN[@]}")
KEYCLOAK_FLAGS=(-Xms64m -Xmx256m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders "${LEAN[@]}")
MAVEN_HEAP="-Xmx1g -XX:+UseSerialGC"

# How many hosts there are; how many of them, the last ones, have simulated guests: for tests of everything but QEMU.
hosts_count() { cat "$ETC/hosts-count" 2>/dev/null || echo 1; }
simulated_count() { cat "$ETC/hosts-simulated" 2>/dev/null || echo 0; }
simulated() { [ "$1" -gt $(($(hosts_count) - $(simulated_count))) ]; }
libvirt_hosts() { seq $(($(hosts_count) - $(simulated_count))); }
