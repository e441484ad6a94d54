# Builds our services with Maven when their sources changed, and keeps each build under $NEPHOS_OPT: a running cloud never
# looks into the checkout's target directories, so a build or a test there does not disturb it.
# shellcheck shell=bash

SHARED_SOURCES=(pom.xml contracts rpc-kit service-kit)
modules() {
  local name
  for name in "${SERVICES[@]}"; do echo "$name-service"; done
  echo agent
}

# The fingerprint of what a module is made of: its own sources and those of the libraries it shares with the others.
fingerprint() {
  (
    cd "$CHECKOUT"
    find "${SHARED_SOURCES[@]}" "$1" -type f \( -name pom.xml -o -path '*/src/main/*' \) -print0 | sort -z | xargs -0 sha256sum
    echo "$JAVA_HOME"
  ) | sha256sum | cut -c1-16
}
app() { echo "$NEPHOS_OPT/apps/$1/$(fingerprint "$1")"; }

# build [MAVEN-OPTION...] -- MODULE...
build() {
  local options=() wanted=() module list
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  for module in "$@"; do [ -e "$(app "$module")" ] || wanted+=("$module"); done
  if [ ${#wanted[@]} -gt 0 ]; then
    list=$(IFS=, && echo "${wanted[*]}")
    (cd "$CHECKOUT" && "$MVN" -B -ntp -q -Dstyle.color=never -DskipTests -Dspotless.check.skip=true "${options[@]}" -pl "$list" -am package) ||
      fail "Maven could not build $list"
    for module in "${wanted[@]}"; do app_keep "$module"; done
    note "${wanted[*]}"
  else
    note "nothing changed"
  fi
  for module in "$@"; do app_use "$module"; done
}

app_keep() {
  local app
  app=$(app "$1")
  mkdir -p "$(dirname "$app")"
  rm -rf "$app.new"
  # -p: an AOT cache is good only for jars of the same date.
  cp -rp "$CHECKOUT/$1/target/quarkus-app" "$app.new"
  mv "$app.new" "$app"
  # The last few builds stay; another cloud may still run one.
  find "$(dirname "$app")" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -rn | tail -n +6 | cut -d' ' -f2- | xargs -r rm -rf
}
app_use() {
  mkdir -p "$APPS"
  ln -sfn "$(app "$1")" "$APPS/$1"
  touch "$(app "$1")"
}

build_all() {
  local list
  mapfile -t list < <(modules)
  build -- "${list[@]}"
}
