# Ceph, if asked for: a cluster of one node, where images, volumes and root disks can lie; what is made of an image is a clone.
# shellcheck shell=bash disable=SC2034

CEPH=$DATA/ceph
CEPH_PACKAGES=(ceph-mon ceph-osd ceph-common)
# Of the sparse file in which all of it lies.
CEPH_BYTES=$((32 << 30))

# Asked for once (./nephos up --ceph), it stays until --purge.
with_ceph() { [ -e "$ETC/with-ceph" ]; }

ceph_up() {
  "$HERE/ceph-node.sh" monitor "$CEPH" "$CONTROL_ADDRESS" "$CEPH_PORT" bluestore $CEPH_BYTES
  part ceph-mon "ceph-mon -f -i a --conf $CEPH/ceph.conf"
  ready ceph-mon 30 port_open "$CONTROL_ADDRESS" "$CEPH_PORT"
  "$HERE/ceph-node.sh" osd "$CEPH"
  part ceph-osd "ceph-osd -f -i 0 --conf $CEPH/ceph.conf"
  part_start ceph-osd || true
  "$HERE/ceph-node.sh" pools "$CEPH"
  until_part 60 ceph-osd ceph_ready
}

# It answers what only the OSD can.
ceph_ready() { timeout 5 rbd --conf "$CEPH/ceph.conf" ls images; }

image_settings_ceph() {
  cat <<X
nephos.image.store.ceph.type=rbd
nephos.image.store.ceph.conf=$CEPH/ceph.conf
X
}
block_settings_ceph() {
  cat <<X
nephos.block.backends=file,ceph
nephos.block.backend.ceph.type=rbd
nephos.block.backend.ceph.conf=$CEPH/ceph.conf
X
}
agent_settings_ceph() {
  cat <<X
nephos.agent.rbd.pool=vms
nephos.agent.rbd.conf=$CEPH/ceph.conf
X
}

# What a user names to have a volume there.
ceph_volume_type() {
  if [ -e "$CEPH/volume-type-made" ]; then
    note "done before"
    return
  fi
  export OS_CLOUD=nephos OS_CLIENT_CONFIG_FILE=$ETC/clouds.yaml
  /usr/bin/openstack volume type show ceph -f value -c id ||
    /usr/bin/openstack volume type create --property volume_backend_name=ceph ceph
  touch "$CEPH/volume-type-made"
}
