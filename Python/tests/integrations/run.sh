#!/bin/sh
# The integrations and the example of reinforcement learning, in an environment of their own.
#
#   sh Python/tests/integrations/run.sh LIBRARY ENVIRONMENT
#
# The interface files of vLLM, SGLang and llama.cpp come from their packages, which are fetched but
# not installed; where they cannot be had, frozen signatures stand in, and the tests say so.
set -eu

library=$(cd "$1" && pwd)/libbinverify.so
mkdir -p "$2/packages"
environment=$(cd "$2" && pwd)
cd "$(dirname "$0")/../.."

[ -x "$environment/bin/python" ] || python3 -m venv "$environment"
"$environment/bin/pip" install -q -r tests/integrations/requirements.txt
packages=$environment/packages
for name in vllm sglang; do
  ls "$packages/$name"-*.whl > /dev/null 2>&1 \
    || "$environment/bin/pip" download -q --no-deps -d "$packages" "$name" \
    || echo "integrations: $name cannot be fetched" >&2
done
ls "$packages"/llama_cpp_python-*.tar.gz > /dev/null 2>&1 \
  || "$environment/bin/pip" download -q --no-deps --no-binary llama-cpp-python \
    -d "$packages" llama-cpp-python \
  || echo "integrations: llama-cpp-python cannot be fetched" >&2
header=$packages/llama.h
for archive in "$packages"/llama_cpp_python-*.tar.gz; do
  [ -e "$archive" ] && tar xzOf "$archive" --wildcards '*/llama.cpp/include/llama.h' > "$header"
done
[ -s "$header" ] && export LLAMA_H="$header"

export BINVERIFY_LIBRARY="$library" BINVERIFY_WHEELS="$packages" PYTHONPATH=.
"$environment/bin/mypy" --strict --cache-dir "$environment/mypy" --follow-imports=silent binverify
# Not found by discovery, since what they need is not there where other tests run.
for file in tests/integrations/test_*.py; do
  name=${file##*/}
  "$environment/bin/python" -m unittest -v "tests.integrations.${name%.py}"
done
"$environment/bin/python" examples/reinforce.py --steps 40 --batch 48 --output "$environment/example"
