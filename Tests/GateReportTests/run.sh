#!/bin/sh
# The gate's reports on kernels that come out in every way, some with hostile names, against public
# schemas and parsers.
#
#   sh Tests/GateReportTests/run.sh EXECUTABLE TOOLS
set -eu

executable=$(realpath "$1")
tools=$(cd "$2" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "reports: $*" >&2
  exit 1
}

# Runs the gate with every report, and expects a status.
gate() {
  status=0
  wanted=$1
  shift
  "$executable" gate --no-cache --report json=gate.json --report sarif=gate.sarif \
    --report junit=gate.xml --report github=gate.github --report markdown=gate.md \
    --report html=gate.html "$@" > output 2> errors || status=$?
  [ "$status" -eq "$wanted" ] || fail "status $status and not $wanted: $(cat output errors)"
}

validate() { "$tools/bin/python" "$here/validate.py" "$tools" "$PWD" || exit 1; }

# What the reports say of the kernels, as `VERDICT NUMBER` each.
counts() {
  "$tools/bin/python" -c '
import json
print(" ".join(f"{k} {n}" for k, n in json.load(open("gate.json"))["summary"].items() if n))'
}

# Kernels of all kinds.
sh "$here/repository.sh" "$scratch/all"
cd "$scratch/all"
gate 1
[ "$(counts)" = "proved 1 refuted 6 inconclusive 2 unsupported 1 vacuous 1 invalid 2" ] ||
  fail "the kernels came out otherwise: $(counts)"
validate
grep -q 'alert(2)' gate.html || fail "the source is not shown"
cp gate.json base.json

# Nothing on record.
gate 3 --locked
validate

# Nothing refuted, and a comparison with the first run, then with records.
cp "$here/../../samples/sort3/sort3.x86-64.hand.o" kernels/sort3.x86-64.wrong-tie.o
gate 0 --only right --only sort3.x86-64.wrong-tie --base base.json
validate
grep -q 'since the base&#58; 1 newly proved\*\*' gate.md || fail "another difference: $(cat gate.md)"
mkdir records
touch records/right.json records/gone.json
gate 0 --only right --base records --report text=report.txt
grep -q '1 no longer asked for' gate.md || fail "another difference: $(cat gate.md)"
{ grep -q '^proved  *right' report.txt && grep -q '^1 proved ' report.txt; } ||
  fail "report.txt: $(cat report.txt)"

# A worker that dies leaves its kernel open, and the reports say so.
sed -i 's/timeout: 0.2/timeout: 100/' binverify.yml
"$executable" gate --no-cache --no-records --only slow --report sarif=gate.sarif > output &
parent=$!
until worker=$(pgrep -P "$parent") && kill -9 "$worker"; do
  kill -0 "$parent" || fail "the gate ended before its worker could be killed: $(cat output)"
  sleep 0.05
done
status=0
wait "$parent" || status=$?
{ [ "$status" -eq 3 ] && grep -q 'ended by signal 9' gate.sarif; } || fail "$status: $(cat output)"

# One report in place of the text, and what cannot be written or read.
"$executable" gate --no-cache --no-records --only right --report github=- > output
[ "$(cat output)" = "::notice title=binverify gate::1 proved" ] || fail "$(cat output)"
for wrong in "--report html=none/page.html" "--report sarif" "--report pdf=a" "--report html=" \
  "--report html=a --report sarif=a" "--base none" "--base binverify.yml"; do
  status=0
  # The words are several on purpose.
  # shellcheck disable=SC2086
  "$executable" gate --no-cache --no-records --only right $wrong > output 2> errors || status=$?
  case "$status $(wc -c < output) $(find . -name a)" in
    "2 0 ") [ -s errors ] || fail "$wrong: no message" ;;
    *) fail "$wrong: $status: $(cat output errors)" ;;
  esac
done

# A manifest that cannot be read leaves earlier reports as they are.
echo 'version: 1' > binverify.yml
before=$(cat gate.html gate.sarif | sha256sum)
status=0
"$executable" gate --no-cache --report html=gate.html --report sarif=gate.sarif 2> errors || status=$?
{ [ "$status" -eq 2 ] && grep -q '^binverify.yml:1:1: error:' errors; } || fail "$(cat errors)"
[ "$(cat gate.html gate.sarif | sha256sum)" = "$before" ] || fail "a report was changed"
echo "reports: valid"
