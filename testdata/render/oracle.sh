#!/usr/bin/env bash
# usage: HELM=… testdata/render/oracle.sh [--check]
# Makes every helm.yaml below this folder with real Helm: by the command on its first line, from the chart in
# Go templates beside it. With --check nothing is written; a difference fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
helm=${HELM:-helm}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Helm writes caches; they go where they are deleted.
export HOME=$scratch
version=$("$helm" version --template '{{.Version}}')

failed=0
while IFS= read -r expected; do
    label=$(head -n 1 "$expected")
    case $label in
        "# helm $version: "*) ;;
        *) echo "$expected: its first line does not name Helm $version" >&2; failed=1; continue ;;
    esac
    command=${label#"# helm $version: "}
    # The command's words hold no blanks; globs in them are Helm's.
    read -ra words <<<"${command//\{case\}/$(dirname "$expected")}"
    { printf '%s\n' "$label"; "$helm" "${words[@]}"; } >"$scratch/actual"
    if [ "${1:-}" != --check ]; then
        cp "$scratch/actual" "$expected"
    elif ! diff -u "$expected" "$scratch/actual"; then
        failed=1
    fi
done < <(find testdata/render -name helm.yaml | LC_ALL=C sort)
exit "$failed"
