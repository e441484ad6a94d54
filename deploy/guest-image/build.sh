#!/bin/bash
# Builds the tiny guest: Debian's cloud kernel, BusyBox and Dropbear in an initramfs, on a disk that boots by BIOS.
# No mount, no loop device, nothing downloaded but Debian packages. Usage: build.sh OUTPUT-DIRECTORY; leaves guest.qcow2 there.
# It runs from memory in 128 MiB; the second partition (ext4, /data) keeps what must survive a reboot.
# Needs: busybox-static dropbear-bin syslinux syslinux-common mtools dosfstools kmod cpio zstd fdisk e2fsprogs qemu-utils binutils
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
OUT=${1:?usage: build.sh OUTPUT-DIRECTORY}
BOOT_MB=26 DATA_MB=9
MODULES=(virtio_pci virtio_blk virtio_net virtio_scsi virtio_balloon virtio-rng sd_mod sr_mod isofs button evdev)
KERNEL_ARGUMENTS="console=ttyS0,115200 quiet loglevel=4 tsc=reliable no_timer_check mitigations=off rdinit=/sbin/init panic=10"

mkdir -p "$OUT"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

# The kernel is unpacked from its package, not installed.
kernel_unpack() {
  local package
  package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends:/ {print $2; exit}')
  if [ -z "$package" ]; then
    apt-get -q update
    package=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends:/ {print $2; exit}')
  fi
  (cd "$work" && { apt-get -q download "$package" || { apt-get -q update && apt-get -q download "$package"; }; })
  dpkg-deb -x "$work"/linux-image-*.deb "$work/kernel"
  rm "$work"/linux-image-*.deb
  KERNEL=$(basename "$work"/kernel/lib/modules/*)
  cp "$work"/kernel/boot/vmlinuz-* "$work/vmlinuz"
  depmod -b "$work/kernel" "$KERNEL"
}

# install_program FILE: with the libraries that it is linked to.
install_program() {
  local library
  install -D -m 755 "$1" "$root/bin/$(basename "$1")"
  for library in $(ldd "$1" | grep -o '/[^ ]*'); do
    case $library in
      */ld-linux*) install -D -m 755 "$(readlink -f "$library")" "$root/lib64/$(basename "$library")" ;;
      *) install -D -m 644 "$(readlink -f "$library")" "$root/lib/x86_64-linux-gnu/$(basename "$library")" ;;
    esac
  done
}

install_modules() {
  local module file
  for module in "${MODULES[@]}"; do
    # A module that is built into this kernel has no file.
    for file in $(modprobe -d "$work/kernel" -S "$KERNEL" --show-depends "$module" 2>/dev/null | awk '$1 == "insmod" {print $2}'); do
      install -D -m 644 "$file" "$root/${file#"$work/kernel/"}"
      strip --strip-debug "$root/${file#"$work/kernel/"}"
    done
  done
  cp "$work/kernel/lib/modules/$KERNEL"/modules.{order,builtin} "$root/lib/modules/$KERNEL/"
  depmod -b "$root" "$KERNEL"
  rm -f "$root/lib/modules/$KERNEL"/modules.*.bin
}

root_make() {
  local applet
  mkdir -p "$root"/{bin,sbin,proc,sys,dev,run,tmp,data,mnt,root/.ssh,home/tiny,var/log,var/run}
  install -m 755 /bin/busybox "$root/bin/busybox"
  for applet in $(/bin/busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
  done
  ln -s /bin/busybox "$root/sbin/init"
  ln -s /bin/busybox "$root/sbin/modprobe"
  ln -s /sbin/init "$root/init"
  install_program /usr/sbin/dropbear
  install_program /usr/bin/dropbearkey
  install_modules
  cp -r "$HERE/guest/." "$root/"
  chmod 755 "$root"/etc/init.d/* "$root"/usr/share/udhcpc/default.script "$root"/etc/acpi/PWRF/* "$root/bin/disk"
  chmod 700 "$root/root" "$root/root/.ssh"
  printf 'root:*:19000::::::\ntiny:%s:19000::::::\n' "$(/bin/busybox mkpasswd -m sha512 nephos)" >"$root/etc/shadow"
  chmod 600 "$root/etc/shadow"
  (cd "$root" && find . | cpio -o -H newc --quiet -R 0:0 | zstd -19 -q -c >"$work/initrd.img")
}

# Partition 1: FAT16 with SYSLINUX, the kernel and the initramfs. Partition 2: ext4, found by its label.
disk_make() {
  local disk=$work/disk.raw fat=$work/boot.fat data=$work/data.ext4
  truncate -s $((1 + BOOT_MB + DATA_MB))M "$disk"
  printf 'label: dos\nstart=2048, size=%d, type=6, bootable\nstart=%d, type=83\n' $((BOOT_MB * 2048)) $(((1 + BOOT_MB) * 2048)) |
    sfdisk -q "$disk"
  dd if=/usr/lib/syslinux/mbr/mbr.bin of="$disk" conv=notrunc bs=440 count=1 status=none
  truncate -s ${BOOT_MB}M "$fat"
  mkfs.vfat -F 16 -h 2048 -n BOOT "$fat" >/dev/null
  printf 'SERIAL 0 115200\nDEFAULT tiny\nTIMEOUT 0\nPROMPT 0\nLABEL tiny\n KERNEL /vmlinuz\n INITRD /initrd.img\n APPEND %s\n' \
    "$KERNEL_ARGUMENTS" >"$work/syslinux.cfg"
  mcopy -i "$fat" "$work/vmlinuz" "$work/initrd.img" "$work/syslinux.cfg" ::
  syslinux --install "$fat"
  dd if="$fat" of="$disk" bs=1M seek=1 conv=notrunc,sparse status=none
  mke2fs -q -t ext4 -m 0 -L tinydata "$data" 8M
  dd if="$data" of="$disk" bs=1M seek=$((1 + BOOT_MB)) conv=notrunc,sparse status=none
  qemu-img convert -q -c -O qcow2 "$disk" "$OUT/guest.qcow2.new"
  mv "$OUT/guest.qcow2.new" "$OUT/guest.qcow2"
}

kernel_unpack
root_make
disk_make
qemu-img info "$OUT/guest.qcow2" | sed -n '/virtual size\|disk size/p'
