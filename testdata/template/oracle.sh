#!/usr/bin/env bash
# Makes the expected output of testdata/template/functions with real Helm 3.17.3 ($HELM or the one on PATH).
# `--write` records it, `--check` fails where the recorded output is not what Helm prints.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/functions"
mode=${1:---check}
case $mode in
--check | --write) ;;
*) echo "usage: oracle.sh --check | --write" >&2; exit 2 ;;
esac
exec python3 ../oracle.py "$mode" "${HELM:-helm}"
