#!/bin/sh
# The decoders against two other disassemblers each, over the .text of real libraries of both ISAs and
# over random codes: makes Docs/Evidence/agreement.md. The libraries' Debian packages are unpacked, not
# installed. CODES is how many random codes there are of each kind.
set -eu

packages="libssl3 libdav1d6 libx264-164"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dpkg --add-architecture arm64
(cd "$folder" && apt-get -q download libssl3:arm64) >/dev/null 2>&1 || apt-get -q update
texts=
for architecture in amd64 arm64; do
  if [ "$architecture" = amd64 ]; then isa=x86-64; else isa=arm64; fi
  for package in $packages; do
    (cd "$folder" && apt-get -q download "$package:$architecture")
    dpkg -x "$folder/$package"_*_"$architecture".deb "$folder/$architecture"
  done
  for library in crypto dav1d x264; do
    file=$(find "$folder/$architecture" -name "lib$library.so.*" -type f)
    llvm-objcopy -O binary --only-section=.text "$file" "$folder/$library.$isa"
    texts="$texts $isa:lib$library=$folder/$library.$isa"
  done
done
cc -O2 -o "$folder/zydis" Tests/Oracles/zydis/main.c -lZydis
version=$(dpkg-query -W -f '${Version}' libzydis-dev)
.build/release/AgreementRun Docs/Evidence/agreement.md "${CODES:-1000000}" "$folder/zydis" \
  "$version" $texts
