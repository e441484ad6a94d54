# The health of each part, asked of the part itself.
# shellcheck shell=bash

# health PART: "ok", or what is wrong.
health() {
  local n=${1##*-}
  case $1 in
    postgres) postgres_ready ;;
    kafka) kafka_ready ;;
    keycloak) keycloak_ready ;;
    ovn-nb) ovn_nb get-connection ;;
    ovn-sb) ovn_sb get-connection ;;
    ovn-northd) northd_ready ;;
    ovsdb-*) vsctl "$n" --no-wait show ;;
    vswitchd-*) bridges_ready "$n" ;;
    ovn-controller-*) chassis_ready "$n" && in_host "$n" test -S /run/openvswitch/br-int.mgmt ;;
    libvirtd-*) libvirt_ready "$n" ;;
    storage-daemon) port_open $CONTROL_ADDRESS $NBD_PORT ;;
    ceph-mon) port_open $CONTROL_ADDRESS $CEPH_PORT ;;
    ceph-osd) ceph_ready ;;
    agent-*) agent_ready "$n" ;;
    *-service) service_ready "${1%-service}" ;;
    *) false ;;
  esac >/dev/null 2>&1
}

# What a service says of its dependencies when it is not ready.
complaint() {
  local port body
  case $1 in
    agent-*) port=$AGENT_HTTP_PORT ;;
    *-service) port=${HTTP_PORT[${1%-service}]} ;;
    *) return 0 ;;
  esac
  body=$(curl -s -m 3 "http://127.0.0.1:$port/q/health/ready") || { echo "no answer" && return; }
  jq -r '[.checks[]? | select(.status != "UP") | .name] | join(", ")' <<<"$body" 2>/dev/null || true
}

status_show() {
  local name state pid uptime bad=0 word
  if ! supervisor_pid >/dev/null; then
    echo "Nephos is not running ($NEPHOS_HOME). Start it: ./nephos up"
    return 3
  fi
  printf '%-20s %-10s %8s %10s %9s  %s\n' PART STATE PID UPTIME RESTARTS HEALTH
  while read -r name state _ pid _ uptime _; do
    pid=${pid%,}
    [ "$state" = RUNNING ] || { pid=- uptime=-; }
    if [ "$state" = RUNNING ] && health "$name"; then
      word=ok
    else
      word="NOT READY $(complaint "$name")"
      bad=$((bad + 1))
    fi
    printf '%-20s %-10s %8s %10s %9s  %s\n' "$name" "$state" "$pid" "$uptime" "$(part_restarts "$name")" "$word"
  done < <(supervisorctl_ status || true)
  [ "$bad" -eq 0 ]
}

# One line for each process of the cloud, its helpers included: PID NAME. Guests are not the cloud's.
status_pids() {
  local root
  root=$(supervisor_pid) || return 3
  {
    echo "$root supervisord"
    (supervisorctl_ status || true) | awk '$2 == "RUNNING" {sub(",", "", $4); print $4, $1}'
    # Services that a developer runs by hand, beside `up --infra`.
    ps -e -ww -o pid=,args= | sed -nE "s#^ *([0-9]+) [^ ]*java .*quarkus\.config\.locations=$ETC/([a-z]+-service)\.properties.*#\1 \2#p"
  } >"$RUN/pids"
  ps -e -o pid=,ppid= | awk -v file="$RUN/pids" '
    BEGIN { while ((getline line < file) > 0) { split(line, f, " "); name[f[1]] = f[2] } }
    { parent[$1] = $2 }
    END {
      for (pid in parent) {
        for (p = pid; p in parent && !(p in name); p = parent[p]);
        if (p in name) print pid, name[p]
      }
    }' | sort -n
}
