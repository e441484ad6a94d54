# The daemon that exports volumes: NBD with mutual TLS. block-service tells it over its QMP socket what to export.
# shellcheck shell=bash

storage_up() {
  part storage-daemon "qemu-storage-daemon --chardev socket,path=$RUN/qsd.sock,server=on,wait=off,id=qmp --monitor chardev=qmp --object tls-creds-x509,id=tls,endpoint=server,dir=$ETC/nbd,verify-peer=yes --nbd-server addr.type=inet,addr.host=$CONTROL_ADDRESS,addr.port=$NBD_PORT,tls-creds=tls"
  ready storage-daemon 15 port_open $CONTROL_ADDRESS $NBD_PORT
}
