#!/usr/bin/env bash
# The steps of action.yml: `find` or else `install` the program, and run the `gate`.
#
# Reads what GitHub's runner sets (GITHUB_ACTION_PATH, GITHUB_OUTPUT, ...) and MANIFEST, ARGUMENTS and
# REPORTS, which are the action's inputs.
set -euo pipefail

place=$HOME/.local/share/binverify-action

# Without a binverify on the path, the digest of the sources that one is built from.
find_program() {
  command -v binverify > /dev/null && return
  cd "$GITHUB_ACTION_PATH"
  digest=$(find Package.swift Makefile Sources -type f -print0 | sort -z |
    xargs -0 sha256sum | sha256sum | cut -c1-16)
  echo "digest=$digest" >> "$GITHUB_OUTPUT"
}

install_program() {
  if [ ! -x "$place/bin/binverify" ]; then
    command -v swift > /dev/null || {
      echo "::error::binverify is built with Swift 6.2, which this runner does not have"
      exit 1
    }
    make -C "$GITHUB_ACTION_PATH" install PREFIX="$place"
  fi
  sh "$GITHUB_ACTION_PATH/Tests/install.sh" libz3-dev libelf-dev
  echo "$place/bin" >> "$GITHUB_PATH"
}

# The records at the base of a pull request, in the folder $1.
base_records() {
  mkdir -p "$1"
  git fetch -q --depth=1 origin "$GITHUB_BASE_REF"
  records=$(dirname "$MANIFEST")/proofs
  records=${records#./}
  if git cat-file -e "FETCH_HEAD:$records" 2> /dev/null; then
    git archive FETCH_HEAD "$records" | tar -x -C "$1" --strip-components="$(depth "$records")"
  fi
}

# The number of names in a path.
depth() { tr -cd '\n/' <<< "$1/" | tr -d '\n' | wc -c; }

# Empties the places of the reports: what the change under test brings along there is none.
clear_reports() {
  [ ! -L "$REPORTS" ] || rm "$REPORTS"
  mkdir -p "$REPORTS"
  for name in annotations.txt summary.md binverify.sarif junit.xml index.html; do
    rm -rf "${REPORTS:?}/$name"
  done
}

run_gate() {
  clear_reports
  # All words of all lines; read reports that there is no zero byte at the end.
  read -r -d '' -a arguments <<< "$ARGUMENTS" || true
  if [ -n "${GITHUB_BASE_REF:-}" ]; then
    base_records "$RUNNER_TEMP/binverify-base"
    arguments+=(--base "$RUNNER_TEMP/binverify-base")
  fi
  status=0
  binverify gate --manifest "$MANIFEST" --report "github=$REPORTS/annotations.txt" \
    --report "markdown=$REPORTS/summary.md" --report "sarif=$REPORTS/binverify.sarif" \
    --report "junit=$REPORTS/junit.xml" --report "html=$REPORTS/index.html" \
    ${arguments[@]+"${arguments[@]}"} || status=$?
  [ ! -f "$REPORTS/annotations.txt" ] || cat "$REPORTS/annotations.txt"
  [ ! -f "$REPORTS/summary.md" ] || cat "$REPORTS/summary.md" >> "$GITHUB_STEP_SUMMARY"
  {
    echo "status=$status"
    echo "sarif=$REPORTS/binverify.sarif"
    echo "html=$REPORTS/index.html"
  } >> "$GITHUB_OUTPUT"
  return "$status"
}

case "$1" in
  find) find_program ;;
  install) install_program ;;
  gate) run_gate ;;
esac
