#!/bin/sh
# Installs the schemas and parsers that check reports into a Python environment, once.
#
#   sh Tests/GateReportTests/tools.sh FOLDER
set -eu

folder=$1
here=$(cd "$(dirname "$0")" && pwd)
cmp -s "$folder/done" "$here/requirements.txt" && exit 0
echo "installing what checks reports into $folder"
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/pip" -q --disable-pip-version-check install -r "$here/requirements.txt"
# The schema of JUnit XML, as Jenkins reads it, is among the sources of pytest.
"$folder/bin/pip" -q --disable-pip-version-check download --no-deps --no-binary pytest \
  -d "$folder/sources" pytest==8.3.5
tar -xzf "$folder/sources/pytest-8.3.5.tar.gz" -C "$folder" --strip-components=3 \
  pytest-8.3.5/testing/example_scripts/junit-10.xsd
cp "$here/requirements.txt" "$folder/done"
