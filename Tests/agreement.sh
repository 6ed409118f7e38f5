#!/bin/sh
# The decoders against LLVM's over the .text of real libraries of both ISAs and a million random codes:
# unpacks Debian packages (without installing them) and runs the tests that read AGREEMENT_*.
set -eu

packages="libssl3 libdav1d6 libx264-164"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dpkg --add-architecture arm64
for architecture in amd64 arm64; do
  texts=
  for package in $packages; do
    (cd "$folder" && apt-get -q download "$package:$architecture")
    dpkg -x "$folder/$package"_*_"$architecture".deb "$folder/$architecture"
  done
  for library in crypto dav1d x264; do
    file=$(find "$folder/$architecture" -name "lib$library.so.*" -type f)
    llvm-objcopy -O binary --only-section=.text "$file" "$folder/$library.$architecture"
    texts=${texts:+$texts,}$folder/$library.$architecture
  done
  if [ "$architecture" = amd64 ]; then x86=$texts; else arm64=$texts; fi
done
AGREEMENT_X86=$x86 AGREEMENT_ARM64=$arm64 AGREEMENT_CODES=${CODES:-1000000} \
  "${SWIFT:-swift}" test -c release --skip-build --filter 'IndependentTests|DisassemblerTests'
