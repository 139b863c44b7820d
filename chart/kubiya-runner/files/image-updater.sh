#!/bin/bash
# Sets the images of the runner's containers to those of the stable release list.
#
# Needs bash, curl, jq and kubectl; installs nothing. Reads from the environment:
#   RELEASE_LIST_URL        a JSON object of names and complete image references
#   ALLOWED_PREFIX          start that every listed image must have; empty allows any
#   IMAGE_REGISTRY          registry that replaces the listed one; empty keeps it
#   NAMESPACE               namespace of the Deployments
#   TARGETS                 file with lines of `<name in the list> <deployment> <container>`
#   ATTEMPTS, RETRY_DELAY   times the download is tried in all, seconds between two tries
#
# Everything is checked before anything is patched: a broken list changes nothing.
set -euo pipefail

work=$(mktemp -d)
list=$work/list.json
updates=$work/updates
: > "$updates"

# name[:port]/path:tag, with or without a digest: what a container runtime can pull and a release list should hold.
readonly NAME='[a-z0-9]+([._-]+[a-z0-9]+)*'
readonly IMAGE="^$NAME(:[0-9]+)?(/$NAME)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$"

download() {
  local attempt
  for ((attempt = 1; attempt <= ATTEMPTS; attempt++)); do
    if curl --fail --silent --show-error --location --proto-redir '=https' \
      --connect-timeout 10 --max-time 60 --max-filesize 1048576 \
      --output "$list" "$RELEASE_LIST_URL"; then
      return 0
    fi
    echo "attempt $attempt of $ATTEMPTS failed" >&2
    if ((attempt < ATTEMPTS)); then
      sleep "$RETRY_DELAY"
    fi
  done
  echo "cannot download $RELEASE_LIST_URL" >&2
  return 1
}

# Writes one line of $updates: deployment, container, image. Fails when the list holds something else than an image.
plan() {
  local name=$1 deployment=$2 container=$3 image
  if [ "$(jq --arg name "$name" '.[$name] == null' "$list")" = true ]; then
    echo "$name: not in the list, skipped"
    return 0
  fi
  image=$(jq --raw-output --arg name "$name" '.[$name] | tostring' "$list")
  if [[ ! $image =~ $IMAGE ]]; then
    echo "$name: the list holds no image reference" >&2
    return 1
  fi
  if [[ $image != "$ALLOWED_PREFIX"* ]]; then
    echo "$name: $image does not begin with $ALLOWED_PREFIX" >&2
    return 1
  fi
  if [ -n "$IMAGE_REGISTRY" ]; then
    image=$IMAGE_REGISTRY/${image#*/}
  fi
  echo "$deployment $container $image" >> "$updates"
}

apply() {
  local deployment=$1 container=$2 image=$3 current
  current=$(kubectl get deployment "$deployment" --namespace "$NAMESPACE" \
    --output "jsonpath={.spec.template.spec.containers[?(@.name=='$container')].image}")
  if [ -z "$current" ]; then
    echo "$deployment: no container $container" >&2
    return 1
  fi
  if [ "$current" = "$image" ]; then
    echo "$deployment/$container: up to date"
    return 0
  fi
  echo "$deployment/$container: $current -> $image"
  kubectl set image "deployment/$deployment" "$container=$image" --namespace "$NAMESPACE"
}

download
if ! jq --exit-status 'type == "object"' "$list" > "$work/check" 2>&1; then
  echo "$RELEASE_LIST_URL is not a JSON object" >&2
  exit 1
fi

problems=0
while read -r name deployment container; do
  [ -n "$name" ] || continue
  plan "$name" "$deployment" "$container" || problems=1
done < "$TARGETS"
if [ "$problems" -ne 0 ]; then
  echo "nothing was changed" >&2
  exit 1
fi

while read -r deployment container image; do
  apply "$deployment" "$container" "$image" || problems=1
done < "$updates"
exit "$problems"
