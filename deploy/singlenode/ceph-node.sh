#!/bin/bash
# A Ceph cluster of one monitor and one OSD, all of it below one directory, with the pools and users for images, volumes and
# root disks. Whoever wants it runs the two daemons and calls this before each of them and at the end; what is done is not
# done again:
#   ceph-node.sh monitor HOME ADDRESS PORT STORE BYTES   then run ceph-mon -f -i a --conf HOME/ceph.conf
#   ceph-node.sh osd HOME                                then run ceph-osd -f -i 0 --conf HOME/ceph.conf
#   ceph-node.sh pools HOME
# STORE is memstore (gone with the OSD) or bluestore (a file that grows to BYTES). There is no manager daemon, which takes
# 300 MB: nothing tells how full the cluster is.
set -euo pipefail
step=$1 home=$2

cluster() { ceph --conf "$home/ceph.conf" --connect-timeout 30 "$@"; }
key() { # key NAME MONITOR-CAPABILITIES [OSD-CAPABILITIES]: also to a file of its own, which the configuration names
  ceph-authtool "$home/keys" --gen-key -n "$1" --cap mon "$2" ${3:+--cap osd "$3"}
  (umask 077 && { echo "[$1]" && echo "key = $(ceph-authtool "$home/keys" -p -n "$1")"; } >"$home/keyring.$1")
}

configuration() { # configuration FSID ADDRESS PORT STORE BYTES
  cat <<X
[global]
fsid = $1
mon host = [v2:$2:$3]
public addr = $2
cluster addr = $2
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = $home/keyring.\$name
ms bind ipv6 = false
ms bind msgr1 = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
[mon]
paxos propose interval = 0.1
mon data = $home/mon
mon allow pool size one = true
mon warn on pool no redundancy = false
mon data avail warn = 1
mon data avail crit = 1
mon cluster log to file = false
auth allow insecure global id reclaim = false
[osd]
osd data = $home/osd
osd objectstore = $4
memstore device bytes = $5
bluestore block size = $5
bluestore block db create = false
bluestore block wal create = false
bluestore cache autotune = false
bluestore cache size = 67108864
osd op num shards = 1
osd op num threads per shard = 2
osd scrub load threshold = 0.1
X
  local daemon subsystem
  for daemon in mon osd; do
    cat <<X
[$daemon]
run dir = $home/run
admin socket = $home/run/\$name.asok
pid file =
log file =
log to stderr = true
err to stderr = true
X
    for subsystem in mon paxos osd rocksdb bluestore bluefs bdev mgrc; do echo "debug $subsystem = 0/0"; done
  done
}

monitor() {
  local address=$1 port=$2 fsid
  [ ! -e "$home/monitor-made" ] || return 0
  rm -rf "$home"/{mon,keys,map}
  mkdir -p "$home"/{mon,run}
  chmod 700 "$home"
  fsid=$(cat /proc/sys/kernel/random/uuid)
  configuration "$fsid" "$@" >"$home/ceph.conf"
  (umask 077 && ceph-authtool --create-keyring "$home/keys")
  key mon. 'allow *'
  key client.admin 'allow *' 'allow *'
  key osd.0 'allow profile osd' 'allow *'
  key client.glance 'profile rbd' 'profile rbd pool=images'
  key client.cinder 'profile rbd' 'profile rbd pool=volumes, profile rbd-read-only pool=images'
  key client.nova 'profile rbd' 'profile rbd pool=vms, profile rbd pool=volumes, profile rbd-read-only pool=images'
  monmaptool --create --fsid "$fsid" --addv a "[v2:$address:$port]" "$home/map"
  ceph-mon --conf "$home/ceph.conf" --mkfs -i a --monmap "$home/map" --keyring "$home/keys"
  rm "$home"/{keys,map}
  touch "$home/monitor-made"
}

osd() {
  local id
  [ ! -e "$home/osd-made" ] || return 0
  rm -rf "$home/osd"
  mkdir "$home/osd"
  # With the same id again when this was interrupted: the monitor knows it.
  [ -s "$home/osd-id" ] || cat /proc/sys/kernel/random/uuid >"$home/osd-id"
  id=$(cat "$home/osd-id")
  cluster osd new "$id" 0
  ceph-osd --conf "$home/ceph.conf" -i 0 --mkfs --osd-uuid "$id"
  touch "$home/osd-made"
}

pools() {
  local pool
  [ ! -e "$home/pools-made" ] || return 0
  for _ in $(seq 60); do
    if cluster osd stat | grep -q '1 up'; then break; fi
    sleep 0.3
  done
  for pool in images volumes vms; do
    cluster osd pool create "$pool" 8 8
    timeout 60 rbd --conf "$home/ceph.conf" pool init "$pool"
  done
  touch "$home/pools-made"
}

"$step" "${@:3}"
