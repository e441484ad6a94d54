# Debian's supervisor keeps every process running. It has its own configuration and socket under $NEPHOS_HOME; a part is a program of it.
# shellcheck shell=bash

SUPERVISOR_SOCKET=$RUN/supervisor.sock
SUPERVISOR_LOG=$LOG/supervisor.log
SUPERVISOR_CONF=$ETC/supervisor/supervisord.conf
PARTS=$ETC/supervisor/parts

clean() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$HOME" LANG=C.UTF-8 TERM="${TERM:-dumb}" "$@"; }
supervisorctl_() { clean /usr/bin/supervisorctl -c "$SUPERVISOR_CONF" "$@"; }
supervisor_pid() {
  local pid
  pid=$(cat "$RUN/supervisord.pid" 2>/dev/null) || return 1
  grep -qs "$SUPERVISOR_CONF" "/proc/$pid/cmdline" && echo "$pid"
}
supervisor_answers() { rpc getState | grep -q RUNNING; }

supervisor_up() {
  enter_script
  install -d -m 700 "$ETC/supervisor" "$PARTS"
  if supervisor_pid >/dev/null && supervisor_answers; then
    note "there"
    return
  fi
  orphans_end
  cat >"$SUPERVISOR_CONF" <<X
[unix_http_server]
file=$SUPERVISOR_SOCKET
chmod=0700
[supervisord]
user=root
pidfile=$RUN/supervisord.pid
logfile=$SUPERVISOR_LOG
logfile_maxbytes=20MB
logfile_backups=1
childlogdir=$LOG
directory=$NEPHOS_HOME
strip_ansi=true
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://$SUPERVISOR_SOCKET
[include]
files=$PARTS/*.conf
X
  clean setsid /usr/bin/supervisord -c "$SUPERVISOR_CONF"
  until_true 15 "supervisord does not answer" "$SUPERVISOR_LOG" supervisor_answers
}

enter() { echo "$RUN/bin/enter-host $1"; }

# The supervisor runs a part of another host through this; exec all the way, so that it watches the part itself.
enter_script() {
  mkdir -p "$RUN/bin"
  cat >"$RUN/bin/enter-host" <<X
#!/bin/sh
n=\$1
shift
exec nsenter -t "\$(cat $RUN/anchor-\$n)" -m -u -n -- "\$@"
X
  chmod 755 "$RUN/bin/enter-host"
}

# A supervisord that was killed leaves its parts running, on the ports that the next ones need. They are known by their environment
# (PostgreSQL writes its titles over its own, so that one by its name); guests have another.
orphans() {
  local pid
  for pid in $(residents); do
    if grep -qzFx "SUPERVISOR_SERVER_URL=unix://$SUPERVISOR_SOCKET" "/proc/$pid/environ" 2>/dev/null ||
      [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ]; then
      echo "$pid"
    fi
  done
}
orphans_end() {
  local signal
  for signal in TERM KILL; do
    orphans | xargs -r kill -$signal 2>/dev/null || true
    for _ in $(seq 50); do
      [ -n "$(orphans)" ] || return 0
      sleep 0.1
    done
  done
}

# rpc METHOD [STRING [BOOLEAN]]: one call of supervisord's XML-RPC; much quicker than a supervisorctl, and it need not wait.
rpc() {
  local params=
  [ $# -lt 2 ] || params="<param><value><string>$2</string></value></param>"
  [ $# -lt 3 ] || params+="<param><value><boolean>$3</boolean></value></param>"
  curl -s -m 700 --unix-socket "$SUPERVISOR_SOCKET" -H 'Content-Type: text/xml' http://localhost/RPC2 \
    -d "<?xml version='1.0'?><methodCall><methodName>supervisor.$1</methodName><params>$params</params></methodCall>"
}

# part NAME COMMAND [KEY=VALUE...]: declares a program; supervisord is told at once if it changed. Nothing is started here.
# One that does not end in half a minute is killed, unless it has an AOT cache to assemble at its end.
part() {
  local name=$1 command=$2 file=$PARTS/$1.conf patience=30 setting
  [[ $command != *-XX:AOTCacheOutput=* ]] || patience=600
  shift 2
  {
    echo "[program:$name]"
    echo "command=$command"
    echo "autostart=false"
    echo "autorestart=true"
    echo "startsecs=1"
    echo "startretries=100"
    echo "stopwaitsecs=$patience"
    echo "redirect_stderr=true"
    echo "stdout_logfile=$LOG/$name.log"
    echo "stdout_logfile_maxbytes=20MB"
    echo "stdout_logfile_backups=1"
    for setting in "$@"; do echo "$setting"; done
  } >"$RUN/part.new"
  if ! cmp -s "$RUN/part.new" "$file"; then
    mv "$RUN/part.new" "$file"
    chmod 600 "$file"
    part_update "$name"
  fi
}

# What `supervisorctl update` does, without starting a Python for each part.
part_update() {
  rpc reloadConfig >/dev/null
  rpc stopProcessGroup "$1" >/dev/null
  rpc removeProcessGroup "$1" >/dev/null
  rpc addProcessGroup "$1" | grep -q '<boolean>1' || fail "supervisord does not take the part $1; see $SUPERVISOR_LOG"
}

part_running() { rpc getProcessInfo "$1" | tr -d '\n ' | grep -q '<name>statename</name><value><string>RUNNING<'; }
part_started() { rpc getProcessInfo "$1" | tr -d '\n ' | grep -qE '<name>statename</name><value><string>(RUNNING|STARTING|BACKOFF)<'; }
part_stopped() { rpc getProcessInfo "$1" | tr -d '\n ' | grep -q '<name>statename</name><value><string>STOPPED<'; }
part_pid() { rpc getProcessInfo "$1" | tr -d '\n ' | sed -n 's/.*<name>pid<\/name><value><int>\([0-9]*\)<.*/\1/p'; }
# part_start NAME: asks, and does not wait. False if it was running already.
part_start() {
  if part_started "$1"; then return 1; fi
  rpc startProcess "$1" 0 | grep -q '<boolean>1' || fail "supervisord does not start $1; see $SUPERVISOR_LOG and $LOG/$1.log"
}
# Returns when the part has ended.
part_stop() { rpc stopProcess "$1" 1 >/dev/null; }
parts() { find "$PARTS" -name '*.conf' -printf '%f\n' 2>/dev/null | sed 's/\.conf$//' | sort; }

# How often supervisord had to start a part again, counted from its log since it was last started itself.
part_restarts() { awk -v part="$1" '/supervisord started with pid/ {n = 0} $0 ~ " exited: " part " " {n++} END {print n + 0}' "$SUPERVISOR_LOG"; }

# ready NAME SECONDS CHECK...: starts a part if it is not running, and waits until the check is true.
ready() {
  local name=$1 seconds=$2
  shift 2
  part_start "$name" || note "running"
  until_part "$seconds" "$name" "$@"
}

# ports_free PORT PART...: what else may listen there would answer in the part's place, and look like it.
ports_free() {
  local owner
  ss -Hltnp >"$RUN/listening"
  while [ $# -gt 0 ]; do
    owner=$(awk -v port="$1" '$4 ~ ":" port "$" {print $6; exit}' "$RUN/listening")
    if [ -n "$owner" ] && ! part_started "$2"; then fail "port $1, which $2 needs, is taken by another process: $owner"; fi
    shift 2
  done
}
