#!/bin/bash
# The wires between the hosts, made in host 1's network namespace: `underlay.sh COUNT HOME` or `underlay.sh down`. Idempotent.
#   nephos-ul  10.77.0.0/24  services and agents; carries the control plane's address and host 1's
#   nephos-ov  10.78.0.0/24  Geneve between the hosts; here only a switch, the addresses are on br-phy inside each host
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

exists() { ip link show "$1" >/dev/null 2>&1; }
bridge() {
  exists "$1" || ip link add "$1" type bridge stp_state 0 forward_delay 0
  ip link set "$1" up
}
# wire N PORT BRIDGE NAME: a cable from a port of the bridge into host N's namespace, where it is called NAME.
wire() {
  local n=$1 port=$2 bridge=$3 name=$4 pid
  pid=$(cat "$RUN/anchor-$n")
  if ! exists "$port"; then
    if [ "$n" -eq 1 ]; then
      ip link add "$port" type veth peer name "$name"
    else
      ip link add "$port" type veth peer name "$name" netns "$pid"
    fi
  fi
  ip link set "$port" master "$bridge" up
  nsenter -t "$pid" -n ip link set "$name" up
}

down() {
  local link
  for link in $(ip -o link show type veth | awk -F'[ @:]+' '$2 ~ /^(nul|nov|vtep)[0-9]+$/ {print $2}') nephos-ul nephos-ov; do
    ! exists "$link" || ip link del "$link"
  done
}

up() {
  local n count=$1
  bridge nephos-ul
  bridge nephos-ov
  ip addr replace "$CONTROL_ADDRESS/24" dev nephos-ul
  ip addr replace "$(host_address 1)/24" dev nephos-ul
  for n in $(seq "$count"); do
    wire "$n" "nov$n" nephos-ov "vtep$n"
    # Open vSwitch's user-space datapath does not complete checksums that the kernel left to the card.
    ethtool -K "nov$n" tx off >/dev/null
    nsenter -t "$(cat "$RUN/anchor-$n")" -n ethtool -K "vtep$n" tx off >/dev/null
    [ "$n" -gt 1 ] || continue
    wire "$n" "nul$n" nephos-ul eth0
    nsenter -t "$(cat "$RUN/anchor-$n")" -n ip addr replace "$(host_address "$n")/24" dev eth0
  done
}

if [ "$1" = down ]; then
  down
else
  export NEPHOS_HOME=$2
  # shellcheck source=settings.sh
  . "$here/settings.sh"
  up "$1"
fi
