# PostgreSQL as the user nobody (it refuses root), on loopback, with one database and role for each service.
# shellcheck shell=bash

POSTGRES_DATA=$DATA/postgres
as_nobody() { setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }

postgres_init() {
  local fresh=$POSTGRES_DATA.new
  [ ! -e "$POSTGRES_DATA/PG_VERSION" ] || return 0
  rm -rf "$fresh"
  mkdir -m 700 "$fresh"
  chown nobody:nogroup "$fresh"
  # By a file that only nobody reads: never on a command line.
  install -o nobody -g nogroup -m 600 "$SECRETS/postgres" "$RUN/initdb.password"
  as_nobody "$POSTGRES_DIR/bin/initdb" -D "$fresh" --username=postgres --auth=scram-sha-256 --pwfile="$RUN/initdb.password" \
    --encoding=UTF8 --locale=C.UTF-8
  rm -f "$RUN/initdb.password"
  cat >>"$fresh/postgresql.conf" <<X
listen_addresses = '127.0.0.1'
port = $POSTGRES_PORT
unix_socket_directories = ''
max_connections = 300
shared_buffers = 64MB
max_wal_size = 512MB
log_line_prefix = '%m %d '
X
  mv "$fresh" "$POSTGRES_DATA"
}

# There is no psql in this distribution: databases are made in single-user mode, before the server is started.
postgres_databases() {
  local name made=$POSTGRES_DATA/nephos-databases
  touch "$made"
  for name in "${DATABASES[@]}"; do
    grep -qx "$name" "$made" && continue
    if part_started postgres; then part_stop postgres; fi
    printf "CREATE ROLE %s LOGIN PASSWORD '%s';\nCREATE DATABASE %s OWNER %s;\nREVOKE CONNECT ON DATABASE %s FROM PUBLIC;\n" \
      "$name" "$(secret "database-$name")" "$name" "$name" "$name" |
      as_nobody "$POSTGRES_DIR/bin/postgres" --single -D "$POSTGRES_DATA" postgres | sed 's/PASSWORD.*/PASSWORD .../'
    echo "$name" >>"$made"
  done
}

postgres_ready() { [ "$(sed -n '8s/ *$//p' "$POSTGRES_DATA/postmaster.pid" 2>/dev/null)" = ready ] && port_open 127.0.0.1 $POSTGRES_PORT; }

postgres_up() {
  postgres_init
  # INT is PostgreSQL's fast shutdown: it does not wait for clients.
  part postgres "setpriv --reuid=nobody --regid=nogroup --clear-groups $POSTGRES_DIR/bin/postgres -D $POSTGRES_DATA" stopsignal=INT
  postgres_databases
  ready postgres 30 postgres_ready
}
