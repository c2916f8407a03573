#!/usr/bin/env bash
# What must hold of an instance before anybody is sent to it. Changes nothing there; ends with 1 when something does not hold.
#   scripts/smoke.sh http://green.backend.internal:8000
set -uo pipefail

url=${1-}
if [[ ! $url =~ ^https?:// ]]; then
  echo "usage: $0 <url>" >&2
  exit 2
fi
url=${url%/}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

ask() { # path, further arguments of curl…: the status; headers and body are kept
  local path=$1
  shift
  curl -sS --max-time 5 -o "$folder/body" -D "$folder/headers" -w '%{http_code}' "$@" "$url$path" 2> "$folder/error" || cat "$folder/error"
}
holds() { # what, command…
  local what=$1
  shift
  if "$@"; then echo "ok    $what"; else
    echo "FAIL  $what" >&2
    failed=1
  fi
}
answers() { # status, path
  local said
  said=$(ask "$2")
  [ "$said" = "$1" ] && return
  echo "      GET $2: $said, not $1" >&2
  return 1
}
gives_the_id_back() {
  ask /health/liveness -H 'X-Request-ID: smoke-test-1' > /dev/null
  tr -d '\r' < "$folder/headers" | grep -qi '^x-request-id: smoke-test-1$'
}
refuses_in_json() {
  answers 404 /smoke-test-of-a-path-that-is-not-there && grep -qi '^content-type: application/.*json' "$folder/headers"
}

holds 'it is alive' answers 200 /health/liveness
holds 'it is ready: what it needs answers' answers 200 /health/readiness
holds 'the request id comes back' gives_the_id_back
holds 'an unknown path is a 404 in JSON' refuses_in_json
exit "$failed"
