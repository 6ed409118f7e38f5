#!/bin/sh
# Pictures of the page in headless Chromium, light and dark, wide and narrow.
#
#   sh Tests/GateReportTests/look.sh EXECUTABLE FOLDER
set -eu

executable=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2"
folder=$(cd "$2" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# With a kernel that has more than a few blocks.
sh "$here/repository.sh" "$scratch/repository"
cd "$scratch/repository"
samples=$here/../../samples
cp "$samples/base64/base64.smt" "$samples/base64/base64.x86-64.gcc-O0.o" \
  "$samples/divide/divide.smt" "$samples"/divide/divide.x86-64.gcc-O0.o kernels
for name in base64 divide; do
  echo "  - {code: kernels/$name.x86-64.gcc-O0.o, specification: kernels/$name.smt}"
done >> binverify.yml
"$executable" gate --no-cache --no-records --report "html=$folder/page.html" > "$folder/gate.txt" || true
[ -s "$folder/page.html" ]

# picture NAME COLOURS WIDTH,HEIGHT: 0 is dark and 1 is light.
picture() {
  timeout 120 chromium --headless=new --no-sandbox --disable-gpu --hide-scrollbars \
    --user-data-dir="$scratch/profile" --blink-settings="preferredColorScheme=$2" \
    --window-size="$3" --screenshot="$folder/$1.png" "file://$folder/page.html" > /dev/null 2>&1
  [ -s "$folder/$1.png" ] && echo "$folder/$1.png"
}
picture light-wide 1 1280,12000
picture dark-wide 0 1280,12000
picture light-narrow 1 500,12000
picture dark-narrow 0 500,12000
