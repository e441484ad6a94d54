# Where a cloud lives. Each host has a mount and a UTS namespace of its own, so that its libvirt, Open vSwitch and OVN use their
# usual paths while everything lies under $NEPHOS_HOME and a libvirt of the machine is not disturbed. Host 1 is also where the
# control plane runs; it uses the machine's network, or that of the instance. Further hosts have a network namespace each.
# A sleeping process, the anchor, keeps each namespace.
# shellcheck shell=bash

anchor_name() { echo "nephos-anchor:$NEPHOS_HOME:$1"; }
# Prints the anchor's pid if it is alive (and is really ours: pids are used again).
anchor() {
  local pid
  pid=$(cat "$RUN/anchor-$1" 2>/dev/null) || return 1
  [ "$(tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | head -1)" = "$(anchor_name "$1")" ] && echo "$pid"
}

# in_host N COMMAND...: runs inside host N's namespaces, in the same directory.
in_host() {
  local pid n=$1
  shift
  pid=$(anchor "$n") || fail "host $n is not up"
  nsenter -t "$pid" -m -u -n --wdns="$PWD" -- "$@"
}

# A home belongs to one instance for ever: mixing them up would stop the wrong cloud.
instance_check() {
  local owner
  owner=$(cat "$ETC/instance" 2>/dev/null || echo "$NEPHOS_INSTANCE")
  [ "$owner" = "$NEPHOS_INSTANCE" ] || fail "$NEPHOS_HOME belongs to the instance '$owner', not to '$NEPHOS_INSTANCE' (NEPHOS_INSTANCE, NEPHOS_HOME)"
}

# The instance's network: the machine's own, or one with nothing but a loopback.
namespaces_up() {
  local n made=0
  for n in $(seq "$(hosts_count)"); do
    anchor "$n" >/dev/null || { namespace_make "$n" && made=$((made + 1)); }
  done
  in_host 1 "$HERE/underlay.sh" "$(hosts_count)" "$NEPHOS_HOME"
  note "$([ $made -gt 0 ] && echo "$made made" || echo "there"), $(hosts_count) host(s)"
}

namespace_make() {
  local n=$1 flags=(-m -u --propagation private) pid enter=() network=machine
  host_directories "$n"
  if [ "$n" -gt 1 ]; then
    # From host 1's mount namespace: so a host of an instance never has the machine's own /run mounts.
    enter=(nsenter -t "$(anchor 1)" -m --)
    network=own
  elif [ -n "$NEPHOS_INSTANCE" ]; then
    network=own
  fi
  [ $network = machine ] || flags+=(-n)
  rm -f "$RUN/anchor-$n"
  setsid "${enter[@]}" unshare "${flags[@]}" "$HERE/namespace-init.sh" "$NEPHOS_HOME" "$(host_name "$n")" "$n" "$(anchor_name "$n")" $network "$NEPHOS_OPT" \
    </dev/null >>"$LOG/namespace.log" 2>&1 &
  disown
  until_true 15 "the namespaces of host $n did not come" "$LOG/namespace.log" anchor "$n"
  pid=$(anchor "$n")
  if [ "$n" -eq 1 ] && [ -n "$NEPHOS_INSTANCE" ]; then
    ip netns attach "nephos-$NEPHOS_INSTANCE" "$pid"
  fi
}

# Everything that the daemons of a host write, under names that do not change.
host_directories() {
  local name base
  name=$(host_name "$1")
  base=$(host_data "$1")
  mkdir -p "$NEPHOS_OPT/libvirt-cache" "$base"/system/{etc-libvirt,lib-libvirt,lib-openvswitch,lib-ovn} "$base"/{instances,images} \
    "$LOG/$name"/{libvirt/qemu,openvswitch,ovn} "$RUN/$name"/{libvirt,openvswitch,ovn,netns}
  # QEMU runs as libvirt's user and must reach its disks.
  chmod 711 "$DATA/hosts" "$base" "$base/instances" "$base/images" "$base/system"
}

namespaces_down() {
  local n pid
  for n in $(seq "$(hosts_count)" -1 1); do
    pid=$(anchor "$n") || continue
    [ "$n" -gt 1 ] || nsenter -t "$pid" -m -n -- "$HERE/underlay.sh" down
    kill "$pid"
    rm -f "$RUN/anchor-$n"
  done
  if [ -n "$NEPHOS_INSTANCE" ] && [ -e "/run/netns/nephos-$NEPHOS_INSTANCE" ]; then
    ip netns del "nephos-$NEPHOS_INSTANCE"
  fi
}
