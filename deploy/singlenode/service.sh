# Our own services: their configuration, and how they are started.
# shellcheck shell=bash

APPS=$RUN/apps

peers() {
  local name address=$1
  for name in "${SERVICES[@]}"; do echo "nephos.rpc.peer.$name=$address:${RPC_PORT[$name]}"; done
}

# settings_keep FILE PART: writes what comes in, for root only: passwords are in it. A part that runs with other settings
# ends, and is started again with these.
settings_keep() {
  (umask 077 && cat >"$1.new")
  if cmp -s "$1.new" "$1"; then
    rm "$1.new"
    return
  fi
  mv "$1.new" "$1"
  if part_started "$2"; then part_stop "$2"; fi
}

# Written at each `up`.
service_configure() {
  local name=$1
  {
    cat <<X
quarkus.http.host=127.0.0.1
quarkus.http.port=${HTTP_PORT[$name]}
quarkus.datasource.username=$name
quarkus.datasource.password=$(secret "database-$name")
quarkus.datasource.reactive.url=postgresql://127.0.0.1:$POSTGRES_PORT/$name
quarkus.datasource.jdbc.url=jdbc:postgresql://127.0.0.1:$POSTGRES_PORT/$name
quarkus.datasource.jdbc.acquisition-timeout=60S
quarkus.flyway.connect-retries=10
nephos.service.name=$name
nephos.kafka.bootstrap-servers=127.0.0.1:$KAFKA_PORT
nephos.tls.directory=$TLS
nephos.rpc.listen=127.0.0.1:${RPC_PORT[$name]},$CONTROL_ADDRESS:${RPC_PORT[$name]}
nephos.policy.file=$ETC/policy/$name.yaml
X
    peers 127.0.0.1
    "${name}_settings"
  } | settings_keep "$ETC/$name-service.properties" "$name-service"
}
identity_settings() {
  local type
  cat <<X
nephos.keycloak.url=http://127.0.0.1:$KEYCLOAK_PORT
nephos.keycloak.realm=$REALM
nephos.keycloak.client-id=identity-service
nephos.keycloak.client-secret=$(secret keycloak-client)
nephos.identity.bootstrap.admin-password=$(secret admin)
nephos.identity.signing-keys=$ETC/signing-keys
nephos.identity.region=$REGION
nephos.identity.security.lockout-failure-attempts=2
nephos.identity.security.lockout-duration=10
nephos.identity.security.unique-last-password-count=2
X
  for type in "${!ENDPOINT[@]}"; do echo "nephos.identity.catalog.$type=${ENDPOINT[$type]}"; done | sort
}
# Two stores and visible locations, so that all of the image API can be used on one machine; and what is imported may be
# served on that machine: on a port of the web's own or on the one that tests serve on, none of the cloud's.
image_settings() {
  cat <<X
nephos.image.region=$REGION
nephos.image.stores=file,second$(! with_ceph || echo ,ceph)
nephos.image.store.path=$DATA/images
nephos.image.store.second.path=$DATA/images-second
nephos.image.show-multiple-locations=true
nephos.image.web-download.allowed-networks=127.0.0.1/32
nephos.image.web-download.allowed-ports=80,443,18099
X
  ! with_ceph || image_settings_ceph
}
block_settings() {
  cat <<X
nephos.block.store.path=$DATA/volumes
nephos.block.qsd.socket=$RUN/qsd.sock
nephos.block.nbd.host=$CONTROL_ADDRESS
nephos.block.nbd.port=$NBD_PORT
X
  ! with_ceph || block_settings_ceph
}
network_settings() {
  cat <<X
nephos.network.ovn.nb=tcp:127.0.0.1:$OVN_NB_PORT
nephos.network.ovn.sb=tcp:127.0.0.1:$OVN_SB_PORT
nephos.network.physical-networks=$PHYSICAL_NETWORK
X
}
scheduler_settings() { :; }
compute_settings() { :; }

agent_configure() {
  local n=$1 name dir hypervisor=libvirt zone=nova
  name=$(host_name "$n")
  dir=$ETC/hosts/$name
  if simulated "$n"; then hypervisor=fake zone=simulated; fi
  {
    cat <<X
quarkus.http.host=127.0.0.1
quarkus.http.port=$AGENT_HTTP_PORT
nephos.service.name=agent
nephos.tls.directory=$dir/tls
nephos.rpc.listen=$(host_address "$n"):$AGENT_RPC_PORT
nephos.agent.host=$name
nephos.agent.address=$(host_address "$n"):$AGENT_RPC_PORT
nephos.agent.state=$(host_data "$n")
nephos.agent.hypervisor=$hypervisor
nephos.agent.fake.plugs-ports=true
nephos.agent.libvirt.uri=qemu:///system
nephos.agent.virt-type=auto
nephos.agent.availability-zone=$zone
nephos.agent.bridge=br-int
nephos.agent.ovs-db=unix:/run/openvswitch/db.sock
$(peers $CONTROL_ADDRESS)
X
    ! with_ceph || agent_settings_ceph
  } | settings_keep "$dir/agent.properties" "agent-$n"
}

services_configure() {
  local name n
  mkdir -p "$ETC/policy" "$DATA/images" "$DATA/volumes"
  install -d -m 700 "$ETC/signing-keys"
  chmod 700 "$DATA/images"
  for name in "${SERVICES[@]}"; do service_configure "$name"; done
  for n in $(seq "$(hosts_count)"); do agent_configure "$n"; done
  note "under $ETC"
}

# A service's command is declared anew at each `up`; supervisord restarts it only if that (its build, its cache) changed.
service_start() {
  local module=$1-service app
  app=$(readlink "$APPS/$module")
  part "$module" "$JAVA ${SERVICE_FLAGS[*]} $(aot_flag "$module-$(basename "$app")") -Dquarkus.config.locations=$ETC/$module.properties -jar $app/quarkus-run.jar"
  part_start "$module" || note "running"
}
service_ready() { http_ok "http://127.0.0.1:${HTTP_PORT[$1]}/q/health/ready"; }
service_wait() { until_part 300 "$1-service" service_ready "$1"; }

services_start() {
  local name
  for name in "${SERVICES[@]}"; do service_start "$name"; done
}

agents_start() {
  local n app
  app=$(readlink "$APPS/agent")
  for n in $(seq "$(hosts_count)"); do
    # Each agent would train the same cache: only the first does.
    part "agent-$n" "$(enter "$n") $JAVA ${AGENT_FLAGS[*]} $(agent_aot "$n" "$app") -Dquarkus.config.locations=$ETC/hosts/$(host_name "$n")/agent.properties -jar $app/quarkus-run.jar"
    part_start "agent-$n" || note "running"
  done
}
agent_aot() {
  local key
  key=agent-$(basename "$2")
  if [ "$1" -eq 1 ] || [ -s "$(aot_cache "$key")" ]; then aot_flag "$key"; fi
}
agent_ready() { in_host "$1" curl -s -m 3 -o /dev/null -f "http://127.0.0.1:$AGENT_HTTP_PORT/q/health/ready"; }
agents_wait() {
  local n
  for n in $(seq "$(hosts_count)"); do until_part 300 "agent-$n" agent_ready "$n"; done
}
