# PostgreSQL, Kafka and Keycloak from Maven Central, unpacked once under $NEPHOS_OPT.
# shellcheck shell=bash

artifact_version() { sed -n "s:.*<$1.version>\(.*\)</$1.version>.*:\1:p" "$HERE/pom.xml"; }

KAFKA_DIR=$NEPHOS_OPT/kafka-$(artifact_version kafka)
KEYCLOAK_DIR=$NEPHOS_OPT/keycloak-$(artifact_version keycloak)
POSTGRES_DIR=$NEPHOS_OPT/postgres-$(artifact_version postgres)

artifacts_fetch() {
  if [ -e "$KAFKA_DIR" ] && [ -e "$KEYCLOAK_DIR" ] && [ -e "$POSTGRES_DIR" ]; then
    note "there"
    return
  fi
  local staging=$NEPHOS_OPT/.staging
  rm -rf "$staging" "$KAFKA_DIR" "$KEYCLOAK_DIR" "$POSTGRES_DIR"
  mkdir -p "$staging/postgres-unpacked"
  "$MVN" -B -ntp -q -Dstyle.color=never -f "$HERE/pom.xml" -Dnephos.opt="$staging" process-resources
  tar -xJf "$staging"/postgres/*.txz -C "$staging/postgres-unpacked"
  chmod -R go+rX "$staging/postgres-unpacked"
  mv "$staging"/keycloak/keycloak-* "$KEYCLOAK_DIR"
  keycloak_build
  mv "$staging/kafka" "$KAFKA_DIR"
  mv "$staging/postgres-unpacked" "$POSTGRES_DIR"
  rm -rf "$staging"
  note "Kafka $(artifact_version kafka), Keycloak $(artifact_version keycloak), PostgreSQL $(artifact_version postgres)"
}
