# The cloud's own certificate authority and a certificate for each service, each host and the NBD server.
# shellcheck shell=bash

YEARS_10=3650

# new_key FILE: EC P-256 in PKCS#8, which Java and GnuTLS both read.
new_key() { (umask 077 && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"); }

still_good() { [ -s "$1" ] && openssl x509 -checkend $((30 * 86400)) -noout -in "$1" >/dev/null 2>&1; }

authority_make() {
  install -d -m 755 "$TLS"
  still_good "$TLS/ca.pem" && return
  new_key "$TLS/ca.key"
  openssl req -x509 -new -key "$TLS/ca.key" -sha256 -days $YEARS_10 -subj "/O=Nephos/CN=Nephos CA" -out "$TLS/ca.pem" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
  rm -f "$TLS"/*-signed
}

# certificate FILE-PREFIX COMMON-NAME SUBJECT-ALTERNATIVE-NAMES: makes PREFIX.pem and PREFIX.key unless they are there.
certificate() {
  local prefix=$1 name=$2 alternatives=$3 extensions
  still_good "$prefix.pem" && openssl verify -CAfile "$TLS/ca.pem" "$prefix.pem" >/dev/null 2>&1 && return
  extensions=$(mktemp)
  cat >"$extensions" <<X
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=$alternatives
X
  new_key "$prefix.key"
  openssl req -new -key "$prefix.key" -subj "/O=Nephos/CN=$name" |
    openssl x509 -req -CA "$TLS/ca.pem" -CAkey "$TLS/ca.key" -set_serial "0x$(openssl rand -hex 16)" -sha256 -days $YEARS_10 \
      -extfile "$extensions" -out "$prefix.pem.new"
  mv "$prefix.pem.new" "$prefix.pem"
  rm -f "$extensions"
}

service_certificates() {
  local name
  for name in "${SERVICES[@]}"; do
    certificate "$TLS/$name" "$name" "DNS:$name,DNS:localhost,IP:127.0.0.1,IP:$CONTROL_ADDRESS"
  done
}

# The layouts that QEMU wants: a directory with fixed names for each end of the NBD connection.
nbd_server_certificates() {
  local dir=$ETC/nbd
  install -d -m 700 "$dir"
  certificate "$dir/server" block "DNS:block,IP:127.0.0.1,IP:$CONTROL_ADDRESS"
  cp "$TLS/ca.pem" "$dir/ca-cert.pem"
  cp "$dir/server.pem" "$dir/server-cert.pem"
  cp "$dir/server.key" "$dir/server-key.pem"
}

# host_certificates N: the agent's (its name is the host it may speak for), the same again for QEMU and for ovn-controller.
host_certificates() {
  local n=$1 name tls nbd
  name=$(host_name "$n")
  tls=$ETC/hosts/$name/tls
  nbd=$ETC/hosts/$name/nbd
  mkdir -p "$tls" "$nbd"
  certificate "$tls/agent" "host:$name" "DNS:$name,IP:$(host_address "$n"),IP:127.0.0.1"
  cp "$TLS/ca.pem" "$tls/ca.pem"
  cp "$TLS/ca.pem" "$nbd/ca-cert.pem"
  cp "$tls/agent.pem" "$nbd/client-cert.pem"
  cp "$tls/agent.key" "$nbd/client-key.pem"
  # QEMU opens these itself, as libvirt's user.
  chgrp libvirt-qemu "$nbd" "$nbd"/*
  chmod 750 "$nbd"
  chmod 640 "$nbd"/*
}

certificates_make() {
  local n
  authority_make
  service_certificates
  nbd_server_certificates
  for n in $(seq "$(hosts_count)"); do host_certificates "$n"; done
}
