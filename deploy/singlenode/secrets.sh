# Passwords made at the first start: one file each, readable by root only.
# shellcheck shell=bash

secrets_make() {
  local name made=0
  mkdir -p "$ETC" "$DATA" "$LOG" "$RUN" "$NEPHOS_OPT"
  chmod 755 "$NEPHOS_HOME" "$DATA" "$LOG" "$RUN"
  chmod 711 "$ETC"
  install -d -m 700 "$SECRETS"
  echo "$NEPHOS_INSTANCE" >"$ETC/instance"
  for name in postgres "${DATABASES[@]/#/database-}" keycloak-admin keycloak-client admin; do
    [ ! -s "$SECRETS/$name" ] || continue
    (umask 077 && openssl rand -hex 20 >"$SECRETS/$name.new" && mv "$SECRETS/$name.new" "$SECRETS/$name")
    made=$((made + 1))
  done
  note "$made made"
}
secret() { cat "$SECRETS/$1"; }
