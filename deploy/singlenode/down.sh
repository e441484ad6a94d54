# Stops what `up` started, in the opposite order, and nothing else.
# shellcheck shell=bash

down() {
  instance_check
  if supervisor_pid >/dev/null; then
    step "agents" stop_matching '^agent-'
    step "services" stop_matching '-service$'
    step "servers" guests_stop
    step "everything else" stop_rest
  fi
  if anchor 1 >/dev/null; then step "namespaces" leave_nothing; fi
  if [ "${1:-}" = --purge ]; then step "forgetting the data" purge; fi
}

stop_matching() {
  local part pids=() abandon
  aot_abandon "$1" &
  abandon=$!
  for part in $(parts | grep -e "$1" || true); do
    part_stop "$part" &
    pids+=($!)
  done
  [ ${#pids[@]} -eq 0 ] || wait "${pids[@]}"
  kill "$abandon" 2>/dev/null || true
}

stop_rest() {
  local pid
  pid=$(supervisor_pid)
  stop_matching '^\(keycloak\|ovn-controller-.*\|libvirtd-.*\|storage-daemon\)$'
  stop_matching '^\(kafka\|postgres\|ceph-osd\|vswitchd-.*\|ovn-northd\)$'
  rpc shutdown >/dev/null
  until_true 60 "supervisord does not end" "$SUPERVISOR_LOG" gone "$pid"
  rm -rf "$PARTS"
}
gone() { ! kill -0 "$1" 2>/dev/null; }

# Whatever still lives in a host's mount namespace was started there: a guest, a metadata proxy.
residents() {
  local n space pid
  for n in $(seq "$(hosts_count)"); do
    pid=$(anchor "$n") || continue
    space=$(readlink "/proc/$pid/ns/mnt") && [ -n "$space" ] || continue
    { find /proc/[0-9]*/ns/mnt -maxdepth 0 -printf '%p %l\n' 2>/dev/null || true; } |
      awk -F '[/ ]' -v space="$space" -v anchor="$pid" '$NF == space && $3 != anchor {print $3}'
  done
}
leave_nothing() {
  local signal
  for signal in TERM KILL; do
    residents | xargs -r kill -$signal 2>/dev/null || true
    for _ in $(seq 30); do
      [ -n "$(residents)" ] || break
      sleep 0.1
    done
  done
  namespaces_down
}

# Not opt/: what was downloaded and built is not data.
purge() {
  [ -d "$SECRETS" ] || return 0
  rm -rf "$DATA" "$ETC"
  find "$LOG" -mindepth 1 ! -path "$LOG/up*" -delete
  find "$RUN" -mindepth 1 ! -name step.note -delete
  [ -n "$NEPHOS_INSTANCE" ] || find "$CHECKOUT" -maxdepth 1 -type l \( -name openrc -o -name clouds.yaml \) -lname "$ETC/*" -delete
}
