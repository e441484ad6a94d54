# What a client needs: openrc for shells, clouds.yaml for everything that reads one.
# shellcheck shell=bash

CLOUDS_MARK="# Written by nephos up."

credentials_write() {
  (
    umask 077
    cat >"$ETC/openrc" <<X
unset OS_CLOUD OS_TOKEN OS_SYSTEM_SCOPE OS_TRUST_ID
export OS_AUTH_URL=${ENDPOINT[identity]}
export OS_AUTH_TYPE=password
export OS_IDENTITY_API_VERSION=3
export OS_USERNAME=admin
export OS_PASSWORD=$(secret admin)
export OS_PROJECT_NAME=admin
export OS_USER_DOMAIN_NAME=Default
export OS_PROJECT_DOMAIN_NAME=Default
export OS_REGION_NAME=$REGION
export OS_INTERFACE=public
X
    cat >"$ETC/clouds.yaml" <<X
$CLOUDS_MARK
clouds:
  nephos:
    auth:
      auth_url: ${ENDPOINT[identity]}
      username: admin
      password: $(secret admin)
      project_name: admin
      user_domain_name: Default
      project_domain_name: Default
    region_name: $REGION
    identity_api_version: 3
    interface: public
X
  )
  [ -z "$NEPHOS_INSTANCE" ] || { note "$ETC/openrc"; return; }
  link_ours "$ETC/openrc" "$CHECKOUT/openrc"
  link_ours "$ETC/clouds.yaml" "$CHECKOUT/clouds.yaml"
  # A clouds.yaml that the user wrote is the user's.
  if [ ! -e ~/.config/openstack/clouds.yaml ] || grep -qx "$CLOUDS_MARK" ~/.config/openstack/clouds.yaml; then
    mkdir -p ~/.config/openstack
    (umask 077 && cp "$ETC/clouds.yaml" ~/.config/openstack/clouds.yaml)
    chmod 600 ~/.config/openstack/clouds.yaml
  fi
  note "$CHECKOUT/openrc"
}
link_ours() { if [ -L "$2" ] || [ ! -e "$2" ]; then ln -sfn "$1" "$2"; fi; }

# Without the caller's Python and with our credentials, unless the caller chose a cloud or user of its own.
openstack_cli() {
  if [ -z "${OS_CLOUD:-}${OS_AUTH_URL:-}${OS_TOKEN:-}" ]; then export OS_CLOUD=nephos; fi
  export OS_CLIENT_CONFIG_FILE=${OS_CLIENT_CONFIG_FILE:-$ETC/clouds.yaml}
  exec /usr/bin/openstack "$@"
}
