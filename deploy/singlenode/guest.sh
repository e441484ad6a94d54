# The tiny guest that the first boot and the tests run.
# shellcheck shell=bash

GUEST_IMAGE=$NEPHOS_OPT/guest-image
guest_image() {
  local print
  print=$(cd "$CHECKOUT/deploy/guest-image" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
  if [ "$(cat "$GUEST_IMAGE/built-from" 2>/dev/null)" = "$print" ]; then
    note "there"
    return
  fi
  "$CHECKOUT/deploy/guest-image/build.sh" "$GUEST_IMAGE"
  echo "$print" >"$GUEST_IMAGE/built-from"
}
