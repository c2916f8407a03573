#!/bin/sh
# Copies what it is given to a disk that is mounted at ARCHIVE_DIR, each file under its name and time. Whatever fails ends it with
# another code than 0, and then nothing is removed.
set -eu
for file; do
  copy="$ARCHIVE_DIR/$(basename "$file").$(date -u -r "$file" +%Y%m%dT%H%M%SZ)"
  cp -p -- "$file" "$copy.partial"
  mv -- "$copy.partial" "$copy"
done
