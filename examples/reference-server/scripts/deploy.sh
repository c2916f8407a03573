#!/usr/bin/env bash
# The checklist before a deployment, then the command that deploys. Any item that does not hold ends it before anything is touched.
#   scripts/deploy.sh staging|production [--yes]
# DEPLOY_STAGING_COMMAND and DEPLOY_PRODUCTION_COMMAND say how; they see the tag as DEPLOY_TAG and the commit as DEPLOY_COMMIT.
# DEPLOY_TESTS is what tests (default: npm test). Settings are read as scripts/migrate-production.sh reads them.
set -euo pipefail

environment=${1-}
if { [ "$environment" != staging ] && [ "$environment" != production ]; } || { [ $# -gt 1 ] && [ "$2" != --yes ]; }; then
  echo "usage: $0 staging|production [--yes]" >&2
  exit 2
fi
cd "$(dirname "$0")/.."
variable=DEPLOY_${environment^^}_COMMAND
command=${!variable-}
if [ -z "$command" ]; then
  cat >&2 <<END
deploy:$environment does not know where to: $variable is not set. It is the command that brings the tagged commit there, such as
  export $variable='kubectl set image deployment/builder-api builder-api=registry.example.com/builder-api:\$DEPLOY_TAG'
  export $variable='ssh deploy@$environment.example.com /opt/builder-api/update.sh "\$DEPLOY_TAG"'
END
  exit 2
fi
export NODE_ENV=$environment
env_file=.env
[ -f ".env.$environment" ] && env_file=.env.$environment
runbook() { node ../../dist/cli.js "$@" --dotenv "$env_file" --profile dist/profile.js; }

holds() { # what, command…
  local what=$1
  shift
  if "$@" > "$said" 2>&1; then echo "[x] $what"; else
    cat "$said" >&2
    echo "[ ] $what: not deployed" >&2
    exit 1
  fi
}
said=$(mktemp)
trap 'rm -f "$said"' EXIT

tag_is_there() {
  git describe --tags --exact-match --match "$pattern" HEAD 2> /dev/null || { echo "HEAD has no tag $pattern"; return 1; }
}
tree_is_clean() {
  git status --porcelain
  [ -z "$(git status --porcelain)" ]
}
pattern='v[0-9]*.[0-9]*.[0-9]*'
[ "$environment" = staging ] && pattern="$pattern-staging"
holds "nothing is uncommitted" tree_is_clean
holds "the commit has a tag $pattern" tag_is_there
DEPLOY_TAG=$(git describe --tags --exact-match --match "$pattern" HEAD)
DEPLOY_COMMIT=$(git rev-parse HEAD)
export DEPLOY_TAG DEPLOY_COMMIT
holds "the settings of $environment can be read" runbook config print
holds "the migrations are those that ran, or are new" runbook migrate show
grep '^\[ \]' "$said" | sed 's/^/    pending: /' || true
holds "the tests pass" sh -c "${DEPLOY_TESTS:-npm test}"

echo "For a person to know: the change was reviewed; migrations ran on staging; changelog and docs tell of it."
if [ "${2-}" != --yes ]; then
  [ -t 0 ] || { echo "nobody can be asked; say so with -- --yes" >&2; exit 2; }
  read -r -p "Deploy $DEPLOY_TAG to $environment? Type its name: " word
  [ "$word" = "$environment" ] || { echo "not deployed" >&2; exit 1; }
fi
sh -c "$command"
echo "deployed $DEPLOY_TAG to $environment"
