# The tests: those that need nothing, those with a real PostgreSQL, Kafka and Keycloak, and those against a whole fresh cloud.
# shellcheck shell=bash

tests() {
  local what=${1:-all} started=$SECONDS
  case $what in
    --fast | --system | all) ;;
    --simulation)
      shift
      simulation "$@"
      return
      ;;
    *) fail "test knows --fast, --system and --simulation, not $what" ;;
  esac
  # A cloud of its own, in its own network; only what never changes (downloads, builds) is shared with a running one.
  # AOT caches are used where `up` has trained them; a cloud that lives for minutes trains none.
  export NEPHOS_OPT NEPHOS_INSTANCE=test NEPHOS_HOME=/var/lib/nephos-test NEPHOS_AOT=plain
  mkdir -p "$NEPHOS_HOME/run" "$NEPHOS_HOME/log"
  [ "$what" = --fast ] || "$CHECKOUT/nephos" --inside prepare-test
  use_jdk
  use_maven
  case $what in
    --fast) stage "build, style, unit tests" maven test -DskipITs ;;
    --system)
      stage "building" maven -q -DskipTests -DskipITs install
      system_test
      ;;
    all)
      stage "build, style, unit and integration tests" integration_test
      system_test
      ;;
  esac
  echo "== all passed in $((SECONDS - started)) s"
}

# simulation [SEED [HOSTS SERVERS]]: the scheduler's simulated cloud as large as a real one; needs nothing but a JDK and Maven.
simulation() {
  local size="-Dsimulation.seed=${1:-1} -Dsimulation.hosts=${2:-10000} -Dsimulation.servers=${3:-100000}"
  use_jdk
  use_maven
  stage "a simulated cloud of ${2:-10000} hosts and ${3:-100000} servers" maven test -pl scheduler-service -am -DskipITs \
    -Dtest=CloudSimulationTest -Dsurefire.failIfNoSpecifiedTests=false "-Dtest.heap=-Xmx1g $size"
}

# PostgreSQL and Keycloak are started once for all modules, by the first that needs them, and end with the run.
integration_test() {
  NEPHOS_TESTKIT=$(mktemp -d)
  export NEPHOS_TESTKIT
  chmod 755 "$NEPHOS_TESTKIT"
  trap testkit_end EXIT
  # One run tells of the failures of all modules.
  maven -fae install || return
  testkit_end
  trap - EXIT
}
testkit_end() {
  local file
  for file in "$NEPHOS_TESTKIT"/*.pid; do
    [ ! -e "$file" ] || kill "$(cat "$file")" 2>/dev/null || true
  done
  rm -rf "$NEPHOS_TESTKIT"
}

# stage TITLE COMMAND...: with its output, which is what one wants to see of a test.
stage() {
  local title=$1 started=$SECONDS
  shift
  echo "== $title"
  "$@" </dev/null || {
    echo "== $title: FAILED after $((SECONDS - started)) s" >&2
    exit 1
  }
  echo "== $title: $((SECONDS - started)) s"
}

maven() { (cd "$CHECKOUT" && "$MVN" -B -ntp -Dstyle.color=never "$@"); }

prepare_test() {
  mkdir -p "$NEPHOS_HOME" "$RUN" "$ETC" "$DATA" "$LOG" "$NEPHOS_OPT"
  step "packages" packages_install "${PACKAGES[@]}" "${GUEST_IMAGE_PACKAGES[@]}" "${CEPH_PACKAGES[@]}"
  use_jdk
  use_maven
  step "downloads" artifacts_fetch
}

# Torn down whatever happens; a cloud left by an interrupted run is torn down first.
system_test() {
  "$CHECKOUT/nephos" down --purge
  trap '"$CHECKOUT/nephos" down --purge' EXIT
  "$CHECKOUT/nephos" --inside keep-builds
  stage "a fresh cloud of two hosts" "$CHECKOUT/nephos" up --hosts 2 --ceph
  # In the cloud's network nothing can be downloaded, so Maven is offline: everything was resolved by the build before.
  stage "system tests" in_cloud_maven -o -pl conformance -Psystem verify -Dit.test='SystemIT,PlacementIT,CephCloudIT,OpenApiIT,IdentityOperationsIT,PlacementOperationsIT,ClientsIT'
  stage "a third host, with simulated guests" "$CHECKOUT/nephos" up --hosts 3 --simulated 1
  stage "crash tests" in_cloud_maven -o -pl conformance -Psystem verify -Dit.test=CrashIT
  stage "the cloud is stopped" "$CHECKOUT/nephos" down --purge
  trap - EXIT
}
in_cloud_maven() {
  (cd "$CHECKOUT" && OS_CLOUD=nephos OS_CLIENT_CONFIG_FILE=/var/lib/nephos-test/etc/clouds.yaml "$CHECKOUT/nephos" exec \
    "$MVN" -B -ntp -Dstyle.color=never "$@")
}
