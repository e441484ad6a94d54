# A libvirt daemon for each host. Guests are not its children: they go on when it is stopped or killed.
# shellcheck shell=bash

# Host 1's first, which starts early: while it tries what QEMU can do (ten seconds, kept in the cache that they share), the
# others would all try the same.
libvirt_start() { libvirt_host_start 1; }

libvirt_wait() {
  local n
  for n in $(libvirt_hosts); do
    [ "$n" -eq 1 ] || libvirt_host_start "$n"
    until_part 90 "libvirtd-$n" libvirt_ready "$n"
  done
}

libvirt_host_start() {
  local n=$1 name etc lib
  name=$(host_name "$n")
  etc=$(host_data "$n")/system/etc-libvirt
  lib=$(host_data "$n")/system/lib-libvirt
  mkdir -p "$etc/qemu" "$lib/qemu" "$lib/images"
  chown -R libvirt-qemu:libvirt-qemu "$lib/qemu"
  [ -s "$etc/host-uuid" ] || cat /proc/sys/kernel/random/uuid >"$etc/host-uuid"
  cat >"$etc/libvirtd.conf" <<X
listen_tls = 0
listen_tcp = 0
unix_sock_dir = "/run/libvirt"
auth_unix_ro = "none"
auth_unix_rw = "none"
unix_sock_ro_perms = "0700"
unix_sock_rw_perms = "0700"
host_uuid = "$(cat "$etc/host-uuid")"
max_client_requests = 20
log_outputs = "2:stderr"
X
  # stdio_handler: without it a guest's start needs virtlogd. security_driver: no SELinux or AppArmor confinement here.
  cat >"$etc/qemu.conf" <<X
security_driver = "none"
stdio_handler = "file"
nbd_tls_x509_cert_dir = "$ETC/hosts/$name/nbd"
migration_host = "$(host_address "$n")"
migration_address = "$(host_address "$n")"
X
  # A guest's own /dev has what is listed here; /dev/kvm must not be, where the host's is covered (see namespace-init.sh).
  [ ! -e "$RUN/$name/no-kvm" ] ||
    echo 'cgroup_device_acl = ["/dev/null", "/dev/full", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/ptmx"]' >>"$etc/qemu.conf"
  # Stopping the daemon must not reach the guests.
  part "libvirtd-$n" "$(enter "$n") libvirtd -p /run/libvirt/libvirtd.pid" stopasgroup=false killasgroup=false
  part_start "libvirtd-$n" || note "running"
}

libvirt_ready() { in_host "$1" virsh -q -c qemu:///system version; }

# There if the last `down` stopped servers, which are SHUTOFF from then on.
STOPPED=$DATA/servers-stopped

# Only guests that the agent made; named instance-*.
guests_stop() {
  local n domain
  rm -f "$STOPPED"
  for n in $(libvirt_hosts); do
    compgen -G "$RUN/$(host_name "$n")/libvirt/qemu/instance-*.xml" >/dev/null || continue
    for domain in $(in_host "$n" virsh -q list --name | grep '^instance-' || true); do
      in_host "$n" virsh -q destroy "$domain"
      touch "$STOPPED"
    done
  done
}
