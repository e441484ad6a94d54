# The first server, once in the life of a cloud; and what `up` prints at its end.
# shellcheck shell=bash

WELCOME=$DATA/welcome

first_boot() {
  if [ -e "$WELCOME" ]; then
    note "done before"
    return
  fi
  OS_CLOUD=nephos OS_CLIENT_CONFIG_FILE=$ETC/clouds.yaml "$HERE/first-boot.py" "$GUEST_IMAGE/guest.qcow2" "$ETC/ssh" "$WELCOME.new"
  mv "$WELCOME.new" "$WELCOME"
  note "$(grep -o 'root@.*' "$WELCOME")"
}

up_summary() {
  local type prefix=
  echo
  echo "Endpoints:"
  for type in identity compute network image volumev3 placement; do printf '    %-12s %s\n' "$type" "${ENDPOINT[$type]}"; done
  [ -z "$NEPHOS_INSTANCE" ] || prefix="NEPHOS_INSTANCE=$NEPHOS_INSTANCE "
  sed "s|^    ssh |    ${prefix:+$prefix./nephos exec }ssh |" "$WELCOME"
  [ ! -e "$STOPPED" ] || echo "The last ./nephos down stopped the servers that ran: openstack server start NAME starts one again."
  if [ -n "$NEPHOS_INSTANCE" ]; then
    echo "Credentials: $ETC/openrc; the cloud has a network of its own: ${prefix}./nephos openstack ..., ${prefix}./nephos exec ..."
  else
    echo "Credentials: $CHECKOUT/openrc    (. ./openrc; openstack server list)"
  fi
}
