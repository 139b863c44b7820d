#!/usr/bin/env bash
# Renders every case of testdata/template/go with real Helm ($HELM or the one on PATH; only the version below).
# `--write` records what Helm prints, `--check` fails where it prints something else than recorded.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
case ${1:---check} in
--check | --write) ;;
*) echo "usage: oracle.sh --check | --write [case...]" >&2; exit 2 ;;
esac
helm=${HELM:-helm}
version=v3.17.3
found=$("$helm" version --template '{{.Version}}')
[ "$found" = "$version" ] || { echo "$helm is $found, not $version" >&2; exit 2; }
exec python3 oracle.py "$helm" "${@:---check}"
