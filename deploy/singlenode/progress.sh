# What the user sees: one line for each step with its time, and the cause when one fails.
# shellcheck shell=bash

STEP=${STEP:-0}
note() { printf '%s' "$*" >"$RUN/step.note"; }

fail() {
  printf 'cause: %s\n' "$*" >&2
  exit 1
}

# step TITLE COMMAND...: runs a command with its output in a log of its own. In the background, because in a condition
# (`if f`, `f || ...`) bash would ignore `set -e` inside it.
step() {
  local title=$1 log started rc=0 took text
  shift
  STEP=$((STEP + 1))
  mkdir -p "$LOG/up" "$RUN"
  log=$LOG/up/$(printf '%02d-%s.log' "$STEP" "${title// /-}")
  : >"$RUN/step.note"
  printf '[%2d] %-22s ' "$STEP" "$title"
  started=$EPOCHREALTIME
  (set -euo pipefail && "$@") >"$log" 2>&1 </dev/null &
  wait $! || rc=$?
  took=$(awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN{printf "%.1f", b - a}')
  text=$(cat "$RUN/step.note")
  if [ "$rc" -eq 0 ]; then
    printf '%6s s  %s\n' "$took" "$text"
    return
  fi
  printf '%6s s  FAILED\n' "$took"
  {
    sed -n 's/^cause: /     cause: /p' "$log"
    echo "     the end of $log:"
    tail -n 12 "$log" | sed 's/^/       /'
    echo "     mend it and run this again: it continues here."
  } >&2
  exit 1
}

# until_true SECONDS WHAT LOG COMMAND...: polls; the failure says what did not come and where to read why.
until_true() {
  local seconds=$1 what=$2 log=$3 end
  shift 3
  end=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge "$end" ]; then
      [ ! -r "$log" ] || tail -n 25 "$log"
      fail "$what within $seconds s; its log: $log"
    fi
    sleep 0.1
  done
}

# until_part SECONDS PART CHECK...: the same for a part, which may also fail earlier: when it ends again and again.
# It asks four times a second: asking is not free, and what is asked is starting.
until_part() {
  local seconds=$1 name=$2 end before tries=0 why=''
  shift 2
  end=$((SECONDS + seconds))
  before=$(part_restarts "$name")
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ $SECONDS -ge "$end" ]; then why="not within $seconds s"; fi
    if [ $((tries % 8)) -eq 0 ] && [ "$(part_restarts "$name")" -ge $((before + 3)) ]; then why="it ended 3 times"; fi
    if [ -n "$why" ]; then
      { grep -aE 'ERROR|Caused by|FATAL|rror:' "$LOG/$name.log" || tail -n 12 "$LOG/$name.log"; } | tail -n 12
      fail "$name is not ready: $why; its log: $LOG/$name.log"
    fi
    sleep 0.25
  done
}

http_ok() { [ "$(curl -s -m 3 -o /dev/null -w '%{http_code}' "$1")" = 200 ]; }
port_open() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }
