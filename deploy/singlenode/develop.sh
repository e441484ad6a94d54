# The development loop, and tools that look at a running cloud.
# shellcheck shell=bash

# build_and_restart MODULE...: packages only these modules and starts them from the new build, without an AOT cache.
build_and_restart() {
  local module
  [ $# -gt 0 ] || fail "build needs a module: $(modules | tr '\n' ' ')"
  use_jdk
  use_maven
  for module in "$@"; do [ -f "$CHECKOUT/$module/src/main/resources/application.properties" ] || fail "no module $module; there are: $(modules | tr '\n' ' ')"; done
  step "building" build "$@"
  if anchor 1 >/dev/null && supervisor_pid >/dev/null; then inside start-modules "$@"; fi
}

start_modules() {
  local module
  export NEPHOS_AOT=plain
  use_jdk
  for module in "$@"; do
    case $module in
      agent)
        step "agent" agents_start
        step "agent is ready" agents_wait
        ;;
      *)
        step "$module" service_start "${module%-service}"
        step "$module is ready" service_wait "${module%-service}"
        ;;
    esac
  done
}

run_tempest() {
  packages_install_quietly tempest
  in_cloud "$CHECKOUT/conformance/tempest/run" "$@"
}
run_bench() {
  use_jdk
  case "${1:-}" in
    scheduler | jmh)
      "bench_$1" "${@:2}"
      return
      ;;
  esac
  export JAVA
  in_cloud "$CHECKOUT/conformance/bench/run" "$@"
}
# bench_jmh [REGEX...]: pieces by themselves, in one thread; needs no cloud.
bench_jmh() {
  bench_build
  "$JAVA" -cp "$BENCH_CLASSES" org.openjdk.jmh.Main "$@"
}
# bench_scheduler [SECONDS [HOSTS...]]: its core by itself, the service with a PostgreSQL of its own, plans; needs no cloud.
bench_scheduler() {
  bench_build
  export NEPHOS_OPT
  "$JAVA" -Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dnephos.testkit.fsync=on \
    -cp "$BENCH_CLASSES" io.nephos.benchmark.scheduler.SchedulerBench "$CHECKOUT/scheduler-service/target/quarkus-app/quarkus-run.jar" "$@"
}
bench_build() {
  use_maven
  BENCH_CLASSES="$CHECKOUT/benchmark/target/classes:$CHECKOUT/benchmark/target/lib/*"
  (cd "$CHECKOUT" && "$MVN" -B -ntp -q -Dstyle.color=never -DskipTests -DskipITs -pl benchmark -am package) ||
    fail "Maven could not build the benchmarks"
}
packages_install_quietly() {
  [ -z "$(missing_packages "$@")" ] || packages_install "$@" >"$LOG/packages.log" 2>&1 || fail "could not install $*; see $LOG/packages.log"
}

# in_cloud COMMAND...: inside, with the administrator's credentials in the environment.
in_cloud() {
  # shellcheck source=/dev/null
  . "$ETC/openrc"
  export BENCH_PIDS="$CHECKOUT/nephos status --pids" BENCH_STOP="$CHECKOUT/nephos down" BENCH_START="$CHECKOUT/nephos up"
  in_host 1 "$@"
}
