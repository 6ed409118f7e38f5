#!/bin/sh
# Remakes the fixtures from their sources: gcc and binutils for x86-64 and aarch64-linux-gnu.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Relocations are checked against GNU ld, given the addresses that ObjectLayout chooses.
for isa in x86-64 arm64; do
  case $isa in
    x86-64) tools= text=0x400001 rodata=0x402001 code=0x404001 ;;
    arm64) tools=aarch64-linux-gnu- text=0x400004 rodata=0x4024b0 code=0x404254 ;;
  esac
  compile="${tools}gcc -O1 -g -ffreestanding -fno-asynchronous-unwind-tables
    -fno-stack-protector -fdebug-prefix-map=$PWD=. -gno-record-gcc-switches"
  link="-nostdlib -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-z,noseparate-code"
  $compile -fno-pic -c kernel.c -o "kernel-$isa.o"
  $compile -gdwarf-4 -fPIC -shared $link single.c -o "single-$isa.so"
  $compile -fno-pic -static $link -no-pie program.c -o "program-$isa"
  "${tools}as" "relocations-$isa.s" -o "relocations-$isa.o"
  "${tools}ld" -e f --unresolved-symbols=ignore-all -z max-page-size=4096 \
    --section-start=.text=$text --section-start=.rodata=$rodata --section-start=.code=$code \
    --section-start=.got=0x410000 --section-start=.got.plt=0x411000 \
    "relocations-$isa.o" -o "$work/linked"
  for section in .text .rodata .code; do
    "${tools}objcopy" -O binary --only-section="$section" "$work/linked" "$work/part"
    cp "$work/part" "linked-$isa$section.bin"
    chmod 644 "linked-$isa$section.bin"
  done
done
as twice.s -o "$work/one.o"
as twice.s -o "$work/two.o"
ld -r "$work/one.o" "$work/two.o" -o twice-x86-64.o
