#!/usr/bin/env bash
# A backup of the database, proven by restoring it, and only then the old ones away. Any step that fails ends it with its exit code.
#   scripts/backup.sh            e.g. from cron: deploy/cron/backup
# BACKUP_DIR says where backups go, BACKUP_KEEP which are kept, BACKUP_FORMAT how they are written (gzip when not set) and
# BACKUP_UPLOAD, such as s3://your-bucket/backups, where a copy goes.
set -euo pipefail

cd "$(dirname "$0")/.."
settings=(--dotenv "${ENV_FILE:-.env}" --profile dist/profile.js)
runbook() { node ../../dist/cli.js backup "$@" "${settings[@]}"; }

upload=()
[ -z "${BACKUP_UPLOAD-}" ] || upload=(--upload "$BACKUP_UPLOAD")
runbook create --format "${BACKUP_FORMAT:-gzip}" "${upload[@]}"
runbook verify latest
runbook prune
echo "Backup completed"
