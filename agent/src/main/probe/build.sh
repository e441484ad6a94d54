#!/bin/sh
# Assembles bootprobe.S into the resource that the agent boots; needs binutils. Run after changing it.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
as --64 -o "$work/probe.o" bootprobe.S
ld -m elf_x86_64 -Ttext 0x7c00 --oformat binary -o ../resources/io/nephos/agent/libvirt/bootprobe.bin "$work/probe.o"
