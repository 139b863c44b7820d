#!/usr/bin/env bash
# Writes the expectations of testdata/yaml/*.txt with the real Helm, or with --check only compares them.
# The binary is $HELM, or `helm`; its version must be the one that the cases are labelled with.
set -euo pipefail

version=v3.17.3
helm=${HELM:-helm}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

found=$("$helm" version --template '{{ .Version }}')
if [ "$found" != "$version" ]; then
    echo "the cases are labelled with Helm $version, this is $found" >&2
    exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$here/oracle" "$work/oracle"

status=0
for file in "$here"/*.txt; do
    cp "$file" "$work/oracle/cases.txt"
    "$helm" template oracle "$work/oracle" | sed -n 's/^cases: //p' | base64 -d > "$work/new"
    if ! cmp -s "$file" "$work/new"; then
        if [ "${1:-}" = --check ]; then
            echo "${file#"$here"/} differs from what Helm $version gives:" >&2
            diff "$file" "$work/new" >&2 || true
            status=1
        else
            cp "$work/new" "$file"
        fi
    fi
done
exit "$status"
