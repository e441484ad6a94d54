# Keycloak: built once, configured by a file that only root reads, its realm imported at the first start.
# shellcheck shell=bash

KEYCLOAK_BUILD_OPTIONS=(--db=postgres --health-enabled=true --metrics-enabled=true)
KEYCLOAK_OPENS="--add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.util.concurrent=ALL-UNNAMED --add-opens=java.base/java.security=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED --enable-native-access=ALL-UNNAMED"

keycloak_build() { JAVA_HOME=$JAVA_HOME JAVA_OPTS_KC_HEAP="-Xmx512m" "$KEYCLOAK_DIR/bin/kc.sh" build "${KEYCLOAK_BUILD_OPTIONS[@]}"; }

keycloak_configure() {
  (
    umask 077
    cat >"$ETC/keycloak.conf" <<X
db-url=jdbc:postgresql://127.0.0.1:$POSTGRES_PORT/keycloak
db-username=keycloak
db-password=$(secret database-keycloak)
db-pool-initial-size=1
db-pool-max-size=20
http-enabled=true
http-host=127.0.0.1
http-port=$KEYCLOAK_PORT
http-management-port=$KEYCLOAK_MANAGEMENT_PORT
hostname-strict=false
cache=local
spi-brute-force-protector--default-brute-force-detector--allow-concurrent-requests=true
log-level=INFO,org.keycloak.quarkus.runtime.services.health:WARN
bootstrap-admin-username=admin
bootstrap-admin-password=$(secret keycloak-admin)
X
  )
}

# Keycloak reads realms from data/import below its home: bound there only in our own mount namespace, because the file carries
# the client's secret and the distribution may be shared. Gone again once the realm exists.
keycloak_home() {
  mkdir -p "$DATA/keycloak" "$KEYCLOAK_DIR/data"
  chmod 700 "$DATA/keycloak"
  mountpoint -q "$KEYCLOAK_DIR/data" || mount --bind "$DATA/keycloak" "$KEYCLOAK_DIR/data"
  [ ! -e "$DATA/keycloak/imported" ] || return 0
  mkdir -p "$DATA/keycloak/import"
  (umask 077 && jq --rawfile secret "$SECRETS/keycloak-client" '(.clients[] | select(.clientId == "identity-service")).secret = ($secret | rtrimstr("\n"))' \
    "$HERE/keycloak/realm-nephos.json" >"$DATA/keycloak/import/nephos-realm.json")
}

# Not kc.sh: it keeps a shell between the supervisor and Java, and killing that one would leave Java behind.
keycloak_declare() {
  part keycloak "$JAVA ${KEYCLOAK_FLAGS[*]} $(aot_flag "$(basename "$KEYCLOAK_DIR")") -XX:MetaspaceSize=96M -XX:MaxMetaspaceSize=256m -XX:+ExitOnOutOfMemoryError $KEYCLOAK_OPENS -Duser.language=en -Duser.country=US -Dfile.encoding=UTF-8 -Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory -Dkc.home.dir=$KEYCLOAK_DIR -Djboss.server.config.dir=$KEYCLOAK_DIR/conf -Djava.util.logging.manager=org.jboss.logmanager.LogManager -Dpicocli.disable.closures=true -Dquarkus-log-max-startup-records=10000 -cp $KEYCLOAK_DIR/lib/quarkus-run.jar io.quarkus.bootstrap.runner.QuarkusEntryPoint --config-file=$ETC/keycloak.conf start --optimized --import-realm" \
    "directory=$KEYCLOAK_DIR"
}

# "Started" is not ready: the schema and the import come after it, and only the health endpoint tells.
keycloak_ready() { http_ok http://127.0.0.1:$KEYCLOAK_MANAGEMENT_PORT/health/ready && http_ok http://127.0.0.1:$KEYCLOAK_PORT/realms/$REALM; }

keycloak_start() {
  keycloak_configure
  keycloak_home
  keycloak_declare
  part_start keycloak || note "running"
}
keycloak_up() {
  keycloak_start
  until_part 240 keycloak keycloak_ready
  if [ ! -e "$DATA/keycloak/imported" ]; then
    touch "$DATA/keycloak/imported"
    rm -rf "$DATA/keycloak/import"
  fi
}
