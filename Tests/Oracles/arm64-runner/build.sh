#!/bin/sh
# Builds the static ARM64 runner into .build/oracles/arm64-runner, if a source is newer than it.
# Needs aarch64-linux-gnu-gcc (Debian: gcc-aarch64-linux-gnu libc6-dev-arm64-cross).
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
sources="$root/Sources/CNativeExecution"
here="$root/Tests/Oracles/arm64-runner"
output="$root/.build/oracles/arm64-runner"
newer=$(find "$sources" "$here" -newer "$output" -type f 2>/dev/null || echo all)
[ -e "$output" ] && [ -z "$newer" ] && exit 0
mkdir -p "$root/.build/oracles"
"${CC_ARM64:-aarch64-linux-gnu-gcc}" -O2 -static -Wall -Wextra -Werror -I"$sources/include" \
  -o "$output.$$" "$here/main.c" "$sources"/*.c
mv "$output.$$" "$output"
