#!/usr/bin/env bash
# Migrates the database of an environment: backup first, then the migrations, then a look at the health of the service.
#   scripts/migrate-production.sh staging|production
# Settings come from the environment, from .env.staging or .env.production when there is one, else from .env.
# HEALTH_URL says where the service answers (default: http://localhost:$PORT/health), BACKUPS where backups go.
set -euo pipefail

environment=${1-}
if [ $# -ne 1 ] || { [ "$environment" != staging ] && [ "$environment" != production ]; }; then
  echo "usage: $0 staging|production" >&2
  exit 2
fi
cd "$(dirname "$0")/.."
export NODE_ENV=$environment
env_file=.env
[ -f ".env.$environment" ] && env_file=.env.$environment
settings=(--dotenv "$env_file" --profile dist/profile.js)
runbook() { node ../../dist/cli.js "$@" "${settings[@]}"; }

folder=${BACKUPS:-backups}
# In pg_dump's custom format, whatever the name says: restore it with pg_restore.
backup=backup_${environment}_$(date -u +%Y%m%d_%H%M%S).sql
echo "backup to $folder/$backup"
runbook backup create --dir "$folder" --name "$backup"

echo "migrations of $environment"
runbook migrate run

health_url=${HEALTH_URL:-http://localhost:${PORT:-3000}/health}
echo "health at $health_url"
for try in 1 2 3 4 5; do
  curl --fail --silent --show-error --max-time 5 --output /dev/null "$health_url" && echo "done" && exit 0
  [ "$try" = 5 ] || sleep 2
done
echo "the service is not healthy; undo the last migration with: npm run migration:revert" >&2
echo "or restore the backup with: npm run backup:restore -- $folder/$backup --force <database>" >&2
exit 1
