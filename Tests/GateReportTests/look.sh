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

# With a kernel that has more than a few blocks, and one that faults.
sh "$here/repository.sh" "$scratch/repository"
cd "$scratch/repository"
cat > kernels/branches.c <<'C'
int abs32(int x) {
  int result = 0;
  for (int i = 0; i < 3; i++) {
    if (x > i) {
      if (x & 1)
        result += x;
      else
        result -= i;
    } else if (x < -i) {
      while (result < 4) result += i + 1;
    } else {
      break;
    }
  }
  return result;
}
C
gcc -g -O0 -fno-stack-protector -c -o kernels/branches.o kernels/branches.c
divide=$here/../../samples/divide
cp "$divide/divide.smt" "$divide/divide.c" "$divide/divide.x86-64.gcc-O0.o" kernels
cat >> binverify.yml <<'Y'
  - {code: kernels/branches.o, specification: kernels/abs32.smt}
  - {code: kernels/divide.x86-64.gcc-O0.o, specification: kernels/divide.smt}
Y
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
