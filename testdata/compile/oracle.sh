#!/usr/bin/env bash
# Renders what the cases of testdata/compile/ok are compiled to with real Helm ($HELM or the one on PATH; only the version
# below), for every set of values. `--check` fails where Helm does not print what the Jinja sources render to. There is
# nothing to `--write`: what Helm must print is in the snapshots, and comes from the sources.
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
exec python3 oracle.py "$helm" "${@:2}"
