# What must be installed: a JDK 25 (found wherever JDKs are kept) and packages of Debian.
# shellcheck shell=bash disable=SC2034

PACKAGES=(supervisor libvirt-daemon libvirt-daemon-system libvirt-clients qemu-system-x86 qemu-utils qemu-block-extra
  openvswitch-switch ovn-central ovn-host haproxy python3-openstackclient iproute2 openssh-client iputils-ping openssl jq
  curl ethtool procps util-linux)
GUEST_IMAGE_PACKAGES=(busybox-static dropbear-bin syslinux syslinux-common mtools dosfstools kmod cpio zstd xz-utils fdisk e2fsprogs binutils)

missing_packages() {
  # dpkg-query fails when it does not know one of them; that one is missing too.
  { dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true; } |
    awk '$1 == "installed" {print $2}' | sort -u | comm -13 - <(printf '%s\n' "$@" | sort -u)
}

# A package that starts its daemon at installation would take the machine's own sockets: policy-rc.d forbids it meanwhile.
packages_install() {
  local missing policy=/usr/sbin/policy-rc.d ours=
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || { note "all there"; return; }
  if [ ! -e $policy ]; then
    ours=1
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt_install "${missing[@]}" || { apt-get -q update && apt_install "${missing[@]}"; } ||
    fail "apt-get could not install: ${missing[*]}"
  [ -z "$ours" ] || rm -f $policy
  note "installed ${#missing[@]} packages"
}
apt_install() { apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends install "$@"; }

machine_fits() {
  [ "$EUID" -eq 0 ] || fail "run this as root: it makes network devices and namespaces"
  [ "$(uname -m)" = x86_64 ] || fail "this machine is $(uname -m); the PostgreSQL that is used here is built for x86_64 only"
  command -v apt-get >/dev/null || fail "this machine has no apt-get; Debian 12 is what this is made for"
}

# is_jdk25 DIR: a JDK (not a bare runtime) of version 25 or later.
is_jdk25() {
  local version
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ "${version:-0}" -ge 25 ]
}

find_jdk() {
  local candidate
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/*25* /opt/*jdk* /opt/java/* "$HOME"/.sdkman/candidates/java/* \
    "$HOME"/.jdks/* "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /none/bin/javac)")")")"; do
    if [ -n "$candidate" ] && is_jdk25 "$candidate"; then
      readlink -f "$candidate"
      return
    fi
  done
  fail "no JDK 25 found in \$JAVA_HOME, /usr/lib/jvm, /opt or on the PATH. Install one, for example Eclipse Temurin 25" \
    "(package temurin-25-jdk of Adoptium's Debian repository), or unpack any JDK 25 under /opt."
}

use_jdk() {
  JAVA_HOME=$(find_jdk) || exit 1
  export JAVA_HOME
  JAVA=$JAVA_HOME/bin/java
}
use_maven() {
  MVN=${NEPHOS_MVN:-$(command -v mvn || true)}
  [ -n "$MVN" ] || fail "Maven (mvn) is not on the PATH: apt-get install maven, or unpack one and put its bin on the PATH."
  # The same options for whoever calls; another JDK's options in the caller's environment would break this one.
  export MAVEN_OPTS=$MAVEN_HEAP
  unset JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS
}
