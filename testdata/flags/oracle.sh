#!/usr/bin/env bash
# usage: HELM=… testdata/flags/oracle.sh [--check]
# Makes every helm.yaml below this folder with real Helm: by the command on its first line, which may begin with
# variables. With --check nothing is written; a difference fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
helm=$(command -v "${HELM:-helm}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Helm writes caches; they go where they are deleted.
export HOME=$scratch/home
version=$("$helm" version --template '{{.Version}}')

failed=0
while IFS= read -r expected; do
    label=$(head -n 1 "$expected")
    case $label in
        "# helm $version: "*) ;;
        *) echo "$expected: its first line does not name Helm $version" >&2; failed=1; continue ;;
    esac
    command=${label#"# helm $version: "}
    command=${command//\{case\}/$(dirname "$expected")}
    # The command's words hold no blanks; globs in them are Helm's.
    read -ra words <<<"${command//\{tmp\}/$scratch/tmp}"
    variables=()
    while [[ ${words[0]} =~ ^[A-Z_]+= ]]; do
        variables+=("${words[0]}")
        words=("${words[@]:1}")
    done
    rm -rf "$scratch/tmp"
    mkdir "$scratch/tmp"
    printf '%s\n' "$label" >"$scratch/actual"
    /usr/bin/env "${variables[@]}" "$helm" "${words[@]}" >"$scratch/printed"
    sed "s|$scratch/tmp|{tmp}|g" "$scratch/printed" >>"$scratch/actual"
    if [ "${1:-}" != --check ]; then
        cp "$scratch/actual" "$expected"
    elif ! diff -u "$expected" "$scratch/actual"; then
        failed=1
    fi
done < <(find testdata/flags -name helm.yaml | LC_ALL=C sort)
exit "$failed"
