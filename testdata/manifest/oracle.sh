#!/usr/bin/env bash
# Makes helm.yaml of every case with real Helm; with --check compares instead of writing.
# The binary is $HELM, or `helm` on PATH; only the version named below is accepted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
helm=${HELM:-helm}
version=v3.17.3
found=$("$helm" version --template '{{.Version}}')
[ "$found" = "$version" ] || { echo "$helm is $found, not $version" >&2; exit 2; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Helm writes caches; they go where they are deleted.
export HOME=$scratch/home

field() {
    sed -n "s/^$1: //p" "$2/case.yaml"
}

# Standard output, then each file that was written.
run() {
    local folder=$1 flags out=$scratch/out
    # Patterns are Helm's to expand; `local -` ends this with the function.
    local -
    set -f
    flags=$(field flags "$folder")
    rm -rf "$out"
    # shellcheck disable=SC2086
    "$helm" template demo "$folder/chart" ${flags//\{tmp\}/$out} 2>"$scratch/stderr" | sed "s#$out#[TMP]#" || return 1
    [ -d "$out" ] || return 0
    (cd "$out" && find . -type f | LC_ALL=C sort) | while IFS= read -r file; do
        printf '===== [TMP]/%s\n' "${file#./}"
        cat "$out/$file"
    done
}

status=0
for folder in ok/*/; do
    folder=${folder%/}
    flags=$(field flags "$folder")
    { echo "# helm $version: template demo chart${flags:+ $flags}"; run "$folder"; } >"$scratch/helm.yaml"
    if [ "${1:-}" != --check ]; then
        cp "$scratch/helm.yaml" "$folder/helm.yaml"
    elif ! cmp -s "$scratch/helm.yaml" "$folder/helm.yaml"; then
        echo "manifest/$folder/helm.yaml is not what Helm prints" >&2
        status=1
    fi
done
for folder in err/*/; do
    folder=${folder%/}
    [ -z "$(field stricter "$folder")" ] || continue
    if run "$folder" >"$scratch/stdout"; then
        echo "manifest/$folder: Helm accepts it" >&2
        status=1
    fi
done
exit $status
