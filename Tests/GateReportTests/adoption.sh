#!/bin/sh
# The files that others adopt the gate with: against public schemas and linters, and run where that
# needs no service.
#
#   sh Tests/GateReportTests/adoption.sh EXECUTABLE TOOLS
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
tools=$(cd "$2" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
ln -s "$(realpath "$1")" "$scratch/bin/binverify"
PATH=$scratch/bin:$tools/bin:$PATH
HOME=$scratch/home
export HOME GIT_CONFIG_NOSYSTEM=1
mkdir "$HOME"
git config --global user.name test
git config --global user.email test@example.org
git config --global init.defaultBranch main

fail() {
  echo "adoption: $*" >&2
  exit 1
}

# Schemas and linters.
cd "$root"
check-jsonschema -q --builtin-schema vendor.github-actions action.yml
check-jsonschema -q --builtin-schema vendor.github-workflows Docs/Adoption/workflow.yml
check-jsonschema -q --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci \
  Docs/Adoption/gitlab.yml
pre-commit validate-manifest .pre-commit-hooks.yaml
hadolint Docs/Adoption/Dockerfile

# A repository with a kernel and its proof on record, and a change that breaks another.
mkdir "$scratch/origin"
cd "$scratch/origin"
git init -q
cp "$root/samples/abs32/abs32.x86-64.hand.o" right.o
cp "$root/samples/abs32/abs32.x86-64.gcc-O2.o" other.o
cp "$root/samples/abs32/abs32.smt" .
for name in right other; do
  printf -- '- {code: %s.o, specification: abs32.smt}\n' "$name"
done | sed '1i version: 1\nkernels:' > binverify.yml
binverify gate -q --no-cache > /dev/null
git add .
git commit -qm base
git clone -q "$scratch/origin" "$scratch/change"
cd "$scratch/change"
cp "$root/samples/abs32/abs32.x86-64.wrong-narrow.o" other.o
git add .
git commit -qm change

# The steps of the action.
run_action() {
  status=0
  env GITHUB_ACTION_PATH="$root" GITHUB_OUTPUT="$scratch/outputs" GITHUB_BASE_REF="$1" \
    GITHUB_STEP_SUMMARY="$scratch/summary" RUNNER_TEMP="$scratch" MANIFEST=binverify.yml \
    ARGUMENTS="$2" REPORTS=reports bash "$root/Docs/Adoption/action.sh" "$3" \
    > "$scratch/out" 2>&1 || status=$?
}
run_action main "" find
{ [ "$status" -eq 0 ] && [ ! -s "$scratch/outputs" ]; } || fail "find: $(cat "$scratch/out")"
run_action main "--no-cache" gate
{ [ "$status" -eq 1 ] && grep -q '^status=1$' "$scratch/outputs"; } || fail "$(cat "$scratch/out")"
grep -q '^::error file=other.o\|^::error file=.*title=other%3A refuted' "$scratch/out" ||
  fail "no annotation: $(cat "$scratch/out")"
grep -q '1 newly refuted' "$scratch/summary" || fail "no summary: $(cat "$scratch/summary")"
for report in binverify.sarif junit.xml index.html; do
  [ -s "reports/$report" ] || fail "no $report"
done

# What a change brings along as reports is not published where the gate makes none.
mkdir -p forged.d binverify-reports/base/proofs
for report in annotations.txt summary.md binverify.sarif junit.xml index.html; do
  echo '::notice::12 proved' > "forged.d/$report"
done
cp forged.d/* binverify-reports
cp binverify.yml kept.yml
echo 'version: 1' > binverify.yml
for place in folder link; do
  rm -rf reports
  if [ "$place" = link ]; then ln -s forged.d reports; else cp -r forged.d reports; fi
  rm -f "$scratch/summary"
  run_action "" "--no-cache" gate
  [ "$status" -eq 2 ] || fail "a manifest that is none: $status: $(cat "$scratch/out")"
  ! cat reports/* "$scratch/out" "$scratch/summary" 2> /dev/null | grep -q '12 proved' ||
    fail "forged reports were published"
done
mv kept.yml binverify.yml
run_action "" "--locked --only right" gate
[ "$status" -eq 0 ] || fail "--locked: $status: $(cat "$scratch/out")"
# Arguments on several lines, as a block of YAML has them, all count.
run_action "" "
--locked  --no-cache

  --only
right
" gate
[ "$status" -eq 0 ] || fail "arguments on lines: $status: $(cat "$scratch/out")"

# GitLab's job.
python - "$root/Docs/Adoption/gitlab.yml" > "$scratch/job.sh" <<'P'
import sys
import ruamel.yaml

job = ruamel.yaml.YAML(typ="safe").load(open(sys.argv[1]))["binverify"]
print("set -e", *job["before_script"], *job["script"], sep="\n")
P
# Runs it on the manifest $1.
run_job() {
  status=0
  env CI_MERGE_REQUEST_DIFF_BASE_SHA="$(git rev-parse HEAD~)" BINVERIFY_MANIFEST="$1" \
    sh "$scratch/job.sh" > "$scratch/out" 2>&1 || status=$?
}
touch binverify-reports/base/proofs/forged.json
run_job binverify.yml
[ "$status" -eq 1 ] || fail "GitLab's job: $status: $(cat "$scratch/out")"
grep -q '1 newly refuted' binverify-reports/summary.md || fail "GitLab's job found no base"
! grep -q 'no longer asked for' binverify-reports/summary.md || fail "GitLab's job took a forged base"
cp forged.d/* binverify-reports
echo 'version: 1' > none.yml
run_job none.yml
[ "$status" -eq 2 ] || fail "GitLab's job: $status: $(cat "$scratch/out")"
! grep -rq '12 proved' binverify-reports || fail "GitLab's job kept forged reports"
git add -f .binverify-cache
run_job binverify.yml
[ "$status" -eq 1 ] && grep -q 'may not be committed' "$scratch/out" ||
  fail "GitLab's job: $status: $(cat "$scratch/out")"
git rm -qr --cached .binverify-cache

# The pre-commit hooks, from a repository that holds only them.
mkdir "$scratch/hooks"
cp "$root/.pre-commit-hooks.yaml" "$scratch/hooks"
cd "$scratch/hooks"
git init -q
git add .
git commit -qm hooks
cd "$scratch/change"
for hook in binverify-gate binverify-gate-locked; do
  status=0
  pre-commit try-repo "$scratch/hooks" "$hook" --all-files > "$scratch/out" 2>&1 || status=$?
  { [ "$status" -eq 1 ] && grep -q '^1 proved, 1 ' "$scratch/out"; } || fail "$hook: $(cat "$scratch/out")"
done
cd "$scratch/origin"
# Whatever a kernel's file is called, and if the only change is that one is deleted.
echo 'version: 1' > some
for files in --all-files "--files some" "--files"; do
  # The words are several on purpose.
  # shellcheck disable=SC2086
  pre-commit try-repo --verbose "$scratch/hooks" binverify-gate-locked $files > "$scratch/out" 2>&1 ||
    fail "the hook on what is proved: $(cat "$scratch/out")"
  grep -q '^2 proved' "$scratch/out" || fail "the hook did not run: $(cat "$scratch/out")"
done

# Bazel's rule.
python "$root/Tests/GateReportTests/bazel.py" "$root/Docs/Adoption/binverify.bzl" "$scratch/origin" \
  "$scratch/execution" || fail "the rule"
echo "adoption: every file holds"
