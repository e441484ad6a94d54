#!/bin/bash
# Runs as the first process of a host's namespaces: gives it its own directories, then sleeps for as long as the host exists.
# Usage: namespace-init.sh HOME HOST-NAME NUMBER ANCHOR-NAME own|machine OPT    (whose network; what hosts share)
set -euo pipefail
home=$1 name=$2 number=$3 anchor=$4 network=$5 opt=$6
system=$home/data/hosts/$name/system

own() { # own SOURCE PATH: the host sees SOURCE at PATH
  mkdir -p "$2"
  mount --bind "$1" "$2"
}

# A new network namespace needs a /sys of its own to show its own devices. Mounting it hides /sys/fs/cgroup, without which
# libvirt finds no controllers: so the cgroup mounts are carried over.
if [ "$network" = own ]; then
  ip link set lo up
  aside=$home/run/$name/cgroup
  mkdir -p "$aside"
  mount --rbind /sys/fs/cgroup "$aside"
  mount -t sysfs sysfs /sys
  mount --rbind "$aside" /sys/fs/cgroup
  umount -R -l "$aside"
fi
hostname "$name"
# Its own name must resolve: some daemons look it up and wait for DNS.
{ cat /etc/hosts 2>/dev/null || echo "127.0.0.1 localhost"; echo "127.0.1.1 $name"; } >"$home/run/$name/hosts"
[ -e /etc/hosts ] || touch /etc/hosts
mount --bind "$home/run/$name/hosts" /etc/hosts
own "$home/run/$name/libvirt" /run/libvirt
own "$home/run/$name/openvswitch" /run/openvswitch
own "$home/run/$name/ovn" /run/ovn
rm -f "$home/run/$name/netns"/* # names of network namespaces that went with the host's last life
own "$home/run/$name/netns" /run/netns
own "$system/etc-libvirt" /etc/libvirt
own "$system/lib-libvirt" /var/lib/libvirt
# What libvirt found out about QEMU takes it ten seconds: every host may share it.
own "$opt/libvirt-cache" /var/cache/libvirt
own "$system/lib-openvswitch" /var/lib/openvswitch
own "$system/lib-ovn" /var/lib/ovn
own "$home/log/$name/libvirt" /var/log/libvirt
own "$home/log/$name/openvswitch" /var/log/openvswitch
own "$home/log/$name/ovn" /var/log/ovn
# On a machine with systemd, libvirt would register our guests with the machine's own daemon: it must not find D-Bus.
[ ! -d /run/dbus ] || mount -t tmpfs -o size=4k none /run/dbus
# A /dev/kvm that QEMU's user may not open (no udev gave it its group) confuses libvirt: it finds KVM when it tries QEMU and not when
# it looks, and so tries QEMU anew at every call, for seconds. Then the host has no KVM.
if [ -e /dev/kvm ] && ! setpriv --reuid=libvirt-qemu --regid=kvm --init-groups test -r /dev/kvm -a -w /dev/kvm; then
  install -m 000 /dev/null "$home/run/$name/no-kvm"
  mount --bind "$home/run/$name/no-kvm" /dev/kvm
fi

echo $$ >"$home/run/anchor-$number.new"
mv "$home/run/anchor-$number.new" "$home/run/anchor-$number"
exec -a "$anchor" sleep infinity
