# OVN: the central databases and northd, and on each host Open vSwitch (user-space datapath) with ovn-controller.
# shellcheck shell=bash

OVN_DATA=$DATA/ovn
ovs_log="-vconsole:info -vsyslog:off -vfile:off"

ovsdb_create() { [ -s "$1" ] || ovsdb-tool create "$1" "$2"; }
ovn_central_up() {
  local run=$RUN/ovn-central
  mkdir -p "$OVN_DATA" "$run"
  ovsdb_create "$OVN_DATA/nb.db" /usr/share/ovn/ovn-nb.ovsschema
  ovsdb_create "$OVN_DATA/sb.db" /usr/share/ovn/ovn-sb.ovsschema
  part ovn-nb "ovsdb-server $ovs_log --unixctl=$run/nb.ctl --remote=punix:$run/nb.sock --remote=ptcp:$OVN_NB_PORT:127.0.0.1 $OVN_DATA/nb.db"
  # Host 1's controller and network-service use loopback; other hosts come over the underlay, with a certificate.
  part ovn-sb "ovsdb-server $ovs_log --unixctl=$run/sb.ctl --remote=punix:$run/sb.sock --remote=ptcp:$OVN_SB_PORT:127.0.0.1 --remote=pssl:$OVN_SB_PORT:$CONTROL_ADDRESS --private-key=$TLS/network.key --certificate=$TLS/network.pem --ca-cert=$TLS/ca.pem $OVN_DATA/sb.db"
  part ovn-northd "ovn-northd $ovs_log --unixctl=$run/northd.ctl --ovnnb-db=unix:$run/nb.sock --ovnsb-db=unix:$run/sb.sock"
  part_start ovn-nb || note "running"
  part_start ovn-sb || true
  until_true 10 "the northbound database is not there" "$LOG/ovn-nb.log" ovn_nb get-connection
  until_true 10 "the southbound database is not there" "$LOG/ovn-sb.log" port_open 127.0.0.1 $OVN_SB_PORT
  ovn-nbctl --db="unix:$run/nb.sock" --no-leader-only init
  ovn-sbctl --db="unix:$run/sb.sock" --no-leader-only init
  ready ovn-northd 10 northd_ready
}
ovn_nb() { ovn-nbctl --timeout=3 --db="unix:$RUN/ovn-central/nb.sock" "$@"; }
ovn_sb() { ovn-sbctl --timeout=3 --db="unix:$RUN/ovn-central/sb.sock" "$@"; }
northd_ready() { ovs-appctl -T 3 -t "$RUN/ovn-central/northd.ctl" status | grep -q active; }

vsctl() {
  local n=$1
  shift
  in_host "$n" ovs-vsctl --timeout=10 "$@"
}

# The switch's own devices vanish with its process; so each start gives them their addresses again, by this beside it.
vswitchd_script() {
  cat >"$RUN/bin/vswitchd" <<X
#!/bin/sh
# Usage: vswitchd TUNNEL-ADDRESS [EXTERNAL-GATEWAY/PREFIX]
tunnel=\$1
external=\${2:-}
(
  deadline=\$((\$(date +%s) + 60))
  give() {
    until ip addr replace "\$2" dev "\$1" && ip link set "\$1" up; do
      [ \$(date +%s) -lt \$deadline ] || exit 1
      sleep 0.1
    done
  }
  give br-phy "\$tunnel/24"
  [ -z "\$external" ] || give $EXTERNAL_BRIDGE "\$external"
) >/dev/null 2>&1 &
exec ovs-vswitchd unix:/run/openvswitch/db.sock $ovs_log
X
  chmod 755 "$RUN/bin/vswitchd"
}

ovn_host_up() {
  local n=$1 name system external='' remote=tcp:127.0.0.1:$OVN_SB_PORT tls=''
  name=$(host_name "$n")
  system=$(host_data "$n")/system
  vswitchd_script
  ovsdb_create "$system/lib-openvswitch/conf.db" /usr/share/openvswitch/vswitch.ovsschema
  if [ "$n" -eq 1 ]; then
    external=$EXTERNAL_GATEWAY/24
  else
    remote=ssl:$CONTROL_ADDRESS:$OVN_SB_PORT
    tls="--private-key=$ETC/hosts/$name/tls/agent.key --certificate=$ETC/hosts/$name/tls/agent.pem --ca-cert=$ETC/hosts/$name/tls/ca.pem"
  fi
  part "ovsdb-$n" "$(enter "$n") ovsdb-server $ovs_log --unixctl=/run/openvswitch/ovsdb-server.ctl --remote=punix:/run/openvswitch/db.sock --remote=db:Open_vSwitch,Open_vSwitch,manager_options /var/lib/openvswitch/conf.db"
  part "vswitchd-$n" "$(enter "$n") $RUN/bin/vswitchd $(tunnel_address "$n") $external"
  part "ovn-controller-$n" "$(enter "$n") ovn-controller unix:/run/openvswitch/db.sock $ovs_log $tls"
  if part_start "ovsdb-$n"; then
    until_true 10 "Open vSwitch's database does not answer" "$LOG/ovsdb-$n.log" vsctl "$n" --no-wait show
    vsctl "$n" --no-wait init
    vsctl "$n" --no-wait set open . external_ids:system-id="$name" external_ids:hostname="$name" external_ids:ovn-remote="$remote" \
      external_ids:ovn-encap-type=geneve external_ids:ovn-encap-ip="$(tunnel_address "$n")" \
      external_ids:ovn-bridge=br-int external_ids:ovn-bridge-datapath-type=netdev
    # User-space tunnels need the wire inside a netdev bridge that carries the tunnel's address.
    vsctl "$n" --no-wait --may-exist add-br br-int -- set bridge br-int datapath_type=netdev fail-mode=secure \
      -- --may-exist add-br br-phy -- set bridge br-phy datapath_type=netdev -- --may-exist add-port br-phy "vtep$n"
    [ "$n" -gt 1 ] || vsctl 1 --no-wait --may-exist add-br $EXTERNAL_BRIDGE -- set bridge $EXTERNAL_BRIDGE datapath_type=netdev \
      -- set open . external_ids:ovn-bridge-mappings="$PHYSICAL_NETWORK:$EXTERNAL_BRIDGE" external_ids:ovn-cms-options=enable-chassis-as-gw
  else
    note "running"
  fi
  part_start "vswitchd-$n" || true
  until_true 20 "Open vSwitch does not answer" "$LOG/vswitchd-$n.log" bridges_ready "$n"
  part_start "ovn-controller-$n" || true
  until_true 20 "ovn-controller did not register host $n" "$LOG/ovn-controller-$n.log" chassis_ready "$n"
}
has_address() { in_host "$1" ip -4 -o addr show dev "$2" | grep -q "$3"; }
bridges_ready() { vsctl "$1" br-exists br-int && has_address "$1" br-phy "$(tunnel_address "$1")" && { [ "$1" -gt 1 ] || has_address 1 $EXTERNAL_BRIDGE $EXTERNAL_GATEWAY; }; }
chassis_ready() { ovn_sb --bare --columns=name find chassis name="$(host_name "$1")" | grep -q .; }

ovn_up() {
  local n
  ovn_central_up
  for n in $(seq "$(hosts_count)"); do ovn_host_up "$n"; done
}
