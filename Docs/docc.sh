#!/bin/sh
# The pages of the public modules from their comments, as a static site.
#
#   sh Docs/docc.sh BUILD OUTPUT        BUILD: .build/debug after `swift build`
set -eu

build=$1
output=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Modules that are written in C, or are those of a system library.
set -- -I Sources/CCaDiCaL -I Sources/CElfutils -I Sources/CZ3
for map in "$build"/C*.build/module.modulemap; do
  set -- "$@" -Xcc "-fmodule-map-file=$map"
done
mkdir "$scratch/graphs" "$scratch/archives"
for module in BinVerify ConstrainedDecoding Contracts MachineModel ObjectFiles Terms Verification; do
  mkdir "$scratch/graphs/$module"
  swift symbolgraph-extract -module-name $module -target "$(uname -m)-unknown-linux-gnu" \
    -I "$build/Modules" "$@" -minimum-access-level public -output-dir "$scratch/graphs/$module"
  # A parameter whose name says it all is not described.
  docc convert --additional-symbol-graph-dir "$scratch/graphs/$module" \
    --fallback-display-name $module --fallback-bundle-identifier binverify.$module \
    --output-path "$scratch/archives/$module.doccarchive" > "$scratch/log" 2>&1 \
    || { cat "$scratch/log" >&2; exit 1; }
done
rm -rf "$output"
docc merge "$scratch"/archives/*.doccarchive --output-path "$output"
echo "docs: $output/index.html; to read them, serve that folder: python3 -m http.server -d $output"
