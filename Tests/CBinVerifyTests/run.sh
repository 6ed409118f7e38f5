#!/bin/sh
# What `make library` built, as its users get it: dependencies, header, C, C++, Python, and the
# programs of Docs/Embedding.md.
#
#   sh Tests/CBinVerifyTests/run.sh FOLDER
set -eu

library=$(cd "$1" && pwd)
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

fail() {
  echo "embedding: $*" >&2
  exit 1
}

# Only the system's C and C++ libraries and Z3 are needed, and only our names are shown.
allowed='libc\.so|libm\.so|libgcc_s|libstdc\+\+|libz3|ld-linux|libpthread|libdl'
others=$(readelf -d "$library/libbinverify.so" | grep NEEDED | grep -vE "$allowed" || true)
[ -z "$others" ] || fail "the library needs $others"
names=$(nm -D --defined-only "$library/libbinverify.so" | awk '{print $3}' | sort)
declared=$(grep -oE '\bbinverify_[a-z_]+\(' "$library/binverify.h" | tr -d '(' | sort -u)
[ "$names" = "$declared" ] || fail "the library shows $names and not what the header declares"
wanted=$(sed -n 's/^public let version = "\(.*\)"/\1/p' "$root/Sources/BinVerify/Architectures.swift")
for file in Python/pyproject.toml Sources/CBinVerifyABI/binverify.pc.in Sources/CBinVerifyABI/thread.c; do
  grep -q "[\" ]$wanted" "$root/$file" || fail "$file is not of version $wanted"
done

# The header by itself, in both languages, and the tests of the interface plain and sanitized.
strict="-Wall -Wextra -Wpedantic -Werror -I$library"
link="-L$library -lbinverify -Wl,-rpath,$library -pthread"
echo '#include "binverify.h"' > header.c
# shellcheck disable=SC2086
gcc -std=c11 $strict -fsyntax-only header.c
# shellcheck disable=SC2086
g++ -std=c++17 $strict -fsyntax-only -x c++ header.c
# The library is not instrumented: TSan does not see its atomics, and judges what the host does.
echo 'called_from_lib:libbinverify.so' > tsan.suppressions
for sanitizer in "" -fsanitize=address,undefined -fsanitize=thread; do
  for test in interface decoder; do
    # shellcheck disable=SC2086
    gcc -std=c11 -D_GNU_SOURCE $strict -O1 -g $sanitizer "$root/Tests/CBinVerifyTests/$test.c" \
      -o $test $link
    answer=$(TSAN_OPTIONS=suppressions=tsan.suppressions timeout 120 ./$test) \
      || fail "$test.c ${sanitizer:-without a sanitizer} ended with status $?"
    [ "$answer" = ok ] || fail "$test.c ${sanitizer:-without a sanitizer}"
  done
done

# The programs of the documentation, and what it says they print.
python3 "$root/Tests/CBinVerifyTests/programs.py" "$root/Docs/Embedding.md" .
for pair in program.swift:EmbeddingExample decode.swift:DecodingExample; do
  cmp "${pair%:*}" "$root/Sources/${pair#*:}/main.swift" \
    || fail "${pair%:*} of Docs/Embedding.md is not Sources/${pair#*:}"
done
for pair in program:EmbeddingExample decode:DecodingExample; do
  name=${pair%:*}
  example=$(ls -t "$root"/.build/*/"${pair#*:}" 2> /dev/null | head -n 1)
  if [ -n "$example" ]; then
    "$example" > swift.txt
    diff -u "$name.swift.txt" swift.txt || fail "$name.swift of Docs/Embedding.md"
  else
    echo "embedding: $name.swift was not run: no build of it is there"
  fi
done
for name in program decode; do
  # shellcheck disable=SC2086
  gcc -std=c11 $strict $name.c -o $name $link
  ./$name > c.txt
  diff -u $name.c.txt c.txt || fail "$name.c of Docs/Embedding.md"
done

python3 -m venv environment
BINVERIFY_LIBRARY=$library/libbinverify.so ./environment/bin/pip install -q "$root/Python"
for name in program decode; do
  ./environment/bin/python $name.py > python.txt
  diff -u $name.py.txt python.txt || fail "$name.py of Docs/Embedding.md"
done
timeout 120 ./environment/bin/python -m unittest discover -q -s "$root/Python/tests"
echo "embedding: the library, its header, C, C++ and Python are as documented"
