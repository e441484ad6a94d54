# Builds our services with Maven when their sources changed, and keeps each build under $NEPHOS_OPT: a running cloud never
# looks into the checkout's target directories, so a build or a test there does not disturb it.
# shellcheck shell=bash

SHARED_SOURCES=(pom.xml contracts rpc-kit service-kit rbd-kit)
modules() {
  local name
  for name in "${SERVICES[@]}"; do echo "$name-service"; done
  echo agent
}

# The fingerprint of what a module is made of: its own sources and those of the libraries it shares with the others.
fingerprint() {
  (
    cd "$CHECKOUT" || exit
    find "${SHARED_SOURCES[@]}" "$1" -type f \( -name pom.xml -o -path '*/src/main/*' \) -print0 | sort -z | xargs -0 sha256sum
    echo "$JAVA_HOME"
  ) | sha256sum | cut -c1-16
}
# Where the build of a module with these sources is kept.
app() { echo "$NEPHOS_OPT/apps/$1/$(fingerprint "$1")"; }

# build MODULE...
build() {
  local wanted=() module list
  # Taken before the build: what is edited meanwhile belongs to the next one.
  declare -A apps
  for module in "$@"; do
    apps[$module]=$(app "$module")
    [ -e "${apps[$module]}" ] || wanted+=("$module")
  done
  if [ ${#wanted[@]} -gt 0 ]; then
    list=$(IFS=, && echo "${wanted[*]}")
    (cd "$CHECKOUT" && "$MVN" -B -ntp -q -Dstyle.color=never -DskipTests -Dspotless.check.skip=true -pl "$list" -am package) ||
      fail "Maven could not build $list"
    for module in "${wanted[@]}"; do app_keep "$module" "${apps[$module]}"; done
    note "${wanted[*]}"
  else
    note "nothing changed"
  fi
  mkdir -p "$APPS"
  for module in "$@"; do
    touch "${apps[$module]}"
    ln -sfn "${apps[$module]}" "$APPS/$module"
  done
}

# app_keep MODULE DIRECTORY: -p, because an AOT cache is good only for jars of the same date.
app_keep() {
  mkdir -p "$(dirname "$2")"
  rm -rf "$2.new"
  cp -rp "$CHECKOUT/$1/target/quarkus-app" "$2.new"
  mv "$2.new" "$2"
  # The last few builds stay, with their caches; another cloud may still run one.
  local old
  for old in $(find "$(dirname "$2")" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -rn | tail -n +6 | cut -d' ' -f2-); do
    rm -rf "$old" "$NEPHOS_OPT/aot/$1-$(basename "$old")"-*
  done
}

build_all() {
  local list
  mapfile -t list < <(modules)
  build "${list[@]}"
}

# What Maven has just built in the checkout need not be built again by `up`.
builds_keep() {
  local module
  use_jdk
  for module in $(modules); do [ -e "$(app "$module")" ] || app_keep "$module" "$(app "$module")"; done
}
