#!/usr/bin/env bash
# Copies of what is not in the database: .env and the uploads, for the owner alone.
#   scripts/backup-app-state.sh [folder]     the folder is BACKUP_DIR when not given
set -euo pipefail

cd "$(dirname "$0")/.."
folder=${1:-${BACKUP_DIR:?say where to, or set BACKUP_DIR}}
env_file=${ENV_FILE:-.env}
uploads=${UPLOADS_DIR:-public/uploads}
umask 077
mkdir -p "$folder"
trap 'rm -f "$folder"/*.partial-$$ "$folder"/.*.partial-$$' EXIT

# Whole under a temporary name, then in one step under its own.
keep() { # name; content comes on standard input
  cat > "$folder/$1.partial-$$"
  sync "$folder/$1.partial-$$"
  mv "$folder/$1.partial-$$" "$folder/$1"
  echo "kept $folder/$1"
}
if [ -f "$env_file" ]; then keep ".env.backup.$(date -u +%Y%m%d)" < "$env_file"; fi
if [ -d "$uploads" ]; then tar -czf - "$uploads" | keep uploads_backup.tar.gz; fi
