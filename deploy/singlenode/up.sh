# From nothing to a cloud that answers. Each step does only what is not done yet.
# shellcheck shell=bash

# Outside of the cloud's namespaces, where Debian's mirror and Maven Central can be reached.
up_prepare() {
  machine_fits
  instance_check
  mkdir -p "$NEPHOS_HOME" "$RUN"
  ! with_ceph || PACKAGES+=("${CEPH_PACKAGES[@]}")
  step "packages" packages_install "${PACKAGES[@]}" "${GUEST_IMAGE_PACKAGES[@]}"
  use_jdk
  use_maven
  step "secrets" secrets_make
  step "downloads" artifacts_fetch
  [ -n "$INFRA_ONLY" ] || step "building" build_all
  [ -n "$INFRA_ONLY" ] || step "guest image" guest_image
  step "certificates" certificates_make
  step "namespaces" namespaces_up
}

# Inside. What takes long starts first and is waited for last.
up_start() {
  use_jdk
  step "supervisor" supervisor_up
  step "ports" our_ports_free
  step "PostgreSQL" postgres_up
  step "configuration" services_configure
  step "starting" start_all
  step "OVN" ovn_up
  step "volume exports" storage_up
  ! with_ceph || step "Ceph" ceph_up
  step "libvirt" libvirt_wait
  step "Kafka" kafka_up
  step "Keycloak" keycloak_up
  [ -z "$INFRA_ONLY" ] || return 0
  step "credentials" credentials_write
  services_up
  step "first boot" first_boot
  ! with_ceph || step "volume type" ceph_volume_type
  if [ -n "$(aot_trainees)" ]; then
    step "AOT caches" aot_train
    step "starting from caches" start_all
    step "Keycloak" keycloak_up
    services_up
  fi
}

our_ports_free() {
  local name ports=("$POSTGRES_PORT" postgres "$KAFKA_PORT" kafka "$KEYCLOAK_PORT" keycloak "$KEYCLOAK_MANAGEMENT_PORT" keycloak
    "$OVN_NB_PORT" ovn-nb "$NBD_PORT" storage-daemon)
  ! with_ceph || ports+=("$CEPH_PORT" ceph-mon)
  if [ -z "$INFRA_ONLY" ]; then
    for name in "${SERVICES[@]}"; do ports+=("${HTTP_PORT[$name]}" "$name-service" "${RPC_PORT[$name]}" "$name-service"); done
    ports+=("$AGENT_HTTP_PORT" agent-1)
  fi
  ports_free "${ports[@]}"
}

start_all() {
  # Of an `up` that was interrupted while they were made.
  [ -z "$(aot_trainees)" ] || aot_keep
  keycloak_start
  kafka_start
  libvirt_start
  if [ -z "$INFRA_ONLY" ]; then
    services_start
    agents_start
  fi
}

services_up() {
  local name
  for name in "${SERVICES[@]}"; do step "$name-service" service_wait "$name"; done
  step "agent" agents_wait
}

up() {
  local started=$SECONDS
  local hosts='' simulated=0 ceph=''
  export INFRA_ONLY=
  mkdir -p "$ETC"
  while [ $# -gt 0 ]; do
    case $1 in
      --hosts) hosts=${2:?--hosts needs a number} && shift ;;
      --hosts=*) hosts=${1#*=} ;;
      --simulated) simulated=${2:?--simulated needs a number} && shift ;; # for tests: so many of the hosts, the last ones
      --ceph) ceph=1 ;;
      --infra) INFRA_ONLY=1 ;; # for the development of a service: all but our own processes
      *) fail "up does not know $1" ;;
    esac
    shift
  done
  [[ "$hosts" =~ ^[1-9]?$ ]] || fail "--hosts takes a number from 1 to 9"
  if [ -n "$hosts" ]; then
    [ "$hosts" -ge "$(hosts_count)" ] || ! anchor 1 >/dev/null || fail "there are $(hosts_count) hosts; to have fewer: ./nephos down, then up"
    echo "$hosts" >"$ETC/hosts-count"
    echo "$simulated" >"$ETC/hosts-simulated"
  fi
  [ -z "$ceph" ] || touch "$ETC/with-ceph"
  up_prepare
  export STEP
  in_host 1 "$CHECKOUT/nephos" --inside up-start
  echo "up after $((SECONDS - started)) s."
  [ -n "$INFRA_ONLY" ] || up_summary
}
