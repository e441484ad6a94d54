# AOT caches (JEP 483, 514, 515): classes loaded, linked and profiled ahead of time; they halve the start. A part whose cache is
# not there yet runs as its own training: what it does in its first life, booting a server included, is what the cache knows.
# Then `aot_train` stops these parts, which writes the caches, and starts them again from them.
# shellcheck shell=bash

# A cache is good for one JDK, the same jars and the same flags; the JVM ignores one that does not fit.
# A cache is named by a part's KEY (version or fingerprint of what it runs); this adds the rest.
jdk_key() { (cat "$JAVA_HOME/release" && declare -p SERVICE_FLAGS AGENT_FLAGS KAFKA_FLAGS KEYCLOAK_FLAGS) | sha256sum | cut -c1-8; }
aot_cache() { echo "$NEPHOS_OPT/aot/$1-$(jdk_key).aot"; }

# aot_flag KEY: what to put on the command line. NEPHOS_AOT=plain: use one, but make none.
aot_flag() {
  local cache
  cache=$(aot_cache "$1")
  mkdir -p "$NEPHOS_OPT/aot"
  if [ -s "$cache" ]; then
    echo "-XX:AOTCache=$cache"
  elif [ -z "${INFRA_ONLY:-}" ] && [ "${NEPHOS_AOT:-train}" != plain ]; then
    rm -f "$cache.new" # of a machine that went down while it was written
    echo "-XX:AOTCacheOutput=$cache.new -Xlog:aot=error"
  fi
}

# The parts that are in training now, by the commands they were declared with.
aot_trainees() { grep -l -e '-XX:AOTCacheOutput=' "$PARTS"/*.conf 2>/dev/null | sed "s:.*/::; s:\\.conf$::" || true; }

# aot_keep: takes what trainees that have ended left. The JVM assembles the cache at its end, which takes some seconds.
aot_keep() {
  local name cache made=0
  for name in $(aot_trainees); do
    part_stopped "$name" || continue
    cache=$(sed -n 's/.*-XX:AOTCacheOutput=\([^ ]*\)\.new .*/\1/p' "$PARTS/$name.conf")
    if [ -s "$cache.new" ]; then
      mv "$cache.new" "$cache"
      made=$((made + 1))
    else
      echo "no cache came of $name"
    fi
  done
  note "$made made"
}

aot_train() {
  local name pids=()
  for name in $(aot_trainees); do
    part_stop "$name" &
    pids+=($!)
  done
  [ ${#pids[@]} -eq 0 ] || wait "${pids[@]}"
  aot_keep
}

# aot_abandon PATTERN: while these parts are stopped for good, ends the assembly of caches, which nobody waits for, and in half
# a minute what is still in training.
aot_abandon() {
  local names name pids=() pid end=$((SECONDS + 30))
  names=$(aot_trainees | grep -e "$1" || true)
  for name in $names; do
    pid=$(part_pid "$name")
    [ "${pid:-0}" -eq 0 ] || pids+=("$pid")
  done
  [ ${#pids[@]} -gt 0 ] || return 0
  while [ $SECONDS -lt $end ]; do
    for pid in "${pids[@]}"; do pgrep -P "$pid" -f AOTMode=create | xargs -r kill -KILL || true; done
    sleep 0.2
  done
  for name in $names; do
    pid=$(part_pid "$name")
    [ "${pid:-0}" -eq 0 ] || kill -KILL "$pid" 2>/dev/null || true
  done
}
