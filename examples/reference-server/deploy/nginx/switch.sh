#!/usr/bin/env bash
# Blue-green: smoke tests on the one that is not live, then nginx is sent there. The other goes on running, to switch back to.
#   deploy/nginx/switch.sh green     and back: deploy/nginx/switch.sh blue
# UPSTREAM_FILE is the file with both servers, NGINX how nginx is called; SMOKE_URL is asked instead of the server of that file.
set -euo pipefail

target=${1-}
case $target in
  blue) other=green ;;
  green) other=blue ;;
  *)
    echo "usage: $0 blue|green" >&2
    exit 2
    ;;
esac
file=${UPSTREAM_FILE:-/etc/nginx/conf.d/backend-upstream.conf}
# Words, such as "sudo nginx".
read -r -a nginx <<< "${NGINX:-nginx}"

lines_for() { grep -cE "^ *server [^ ;]+ (down|weight=100)[^;]*; # $1\$" "$file"; }
if [ "$(lines_for "$target")" != 1 ] || [ "$(lines_for "$other")" != 1 ]; then
  echo "$file does not have one server marked # $target and one marked # $other" >&2
  exit 2
fi
address=$(sed -nE "s/^ *server ([^ ;]+) .*# $target\$/\1/p" "$file")
"$(dirname "$0")/../../scripts/smoke.sh" "${SMOKE_URL:-http://$address}" || {
  echo "$target does not pass: $other stays live" >&2
  exit 1
}

before=$(mktemp)
trap 'rm -f "$before"' EXIT
cat "$file" > "$before"
# Written in place: the file keeps its owner and mode. nginx goes on with what it has read until it is reloaded.
sed -E -e "/# $target\$/ s/ (down|weight=100)/ weight=100/" -e "/# $other\$/ s/ (down|weight=100)/ down/" "$before" > "$file"
if ! "${nginx[@]}" -t || ! "${nginx[@]}" -s reload; then
  cat "$before" > "$file"
  echo "nginx refuses it: $other stays live" >&2
  exit 1
fi
echo "$target is live; $other still runs: $0 $other goes back"
