#!/usr/bin/env bash
# Makes helm.txt of every case with real Helm; with --check compares instead of writing.
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

# The metadata as Helm reads it, and the files that Helm takes for the chart's.
run() {
    local chart=$1/chart
    rm -rf "$scratch/dist"
    "$helm" show chart "$chart"
    # Packaging needs declared dependencies on disk; such cases are about metadata only.
    if "$helm" package -d "$scratch/dist" "$chart" >/dev/null 2>&1; then
        echo "===== files"
        # Locks are read, checked and forgotten; Helm writes a new one.
        tar -tzf "$scratch"/dist/*.tgz | { grep -v '/Chart\.lock$' || true; } | LC_ALL=C sort
    fi
}

status=0
for folder in ok/*/; do
    folder=${folder%/}
    { echo "# helm $version: show chart, package"; run "$folder"; } >"$scratch/helm.txt" 2>"$scratch/stderr"
    if [ "${1:-}" != --check ]; then
        cp "$scratch/helm.txt" "$folder/helm.txt"
    elif ! cmp -s "$scratch/helm.txt" "$folder/helm.txt"; then
        echo "chart/$folder/helm.txt is not what Helm prints" >&2
        status=1
    fi
done
for folder in err/*/; do
    folder=${folder%/}
    ! grep -q '^stricter: ' "$folder/case.yaml" || continue
    if "$helm" template demo "$folder/chart" >/dev/null 2>&1; then
        echo "chart/$folder: Helm accepts it" >&2
        status=1
    fi
done
exit $status
