import type { PoolAdvice } from '../../../postgres/index.js';
import { check, type Circumstances } from '../doctor-check.js';
import { fail, ok, skip, warn, type Finding } from '../finding.js';
import { deploymentsIn } from '../repository/deployments.js';
import { pm2AppsIn } from '../repository/pm2-apps.js';
import type { Repository } from '../repository/repository.js';
import { settingsOf } from './kubernetes-settings.js';

/** So many instances, each with a pool of so many connections. */
interface Fleet {
  readonly replicas: number;
  readonly max: number;
  readonly file?: string;
}

export const databaseConnections = check({
  id: 'database.connections',
  title: 'pool × replicas against max_connections',
  needs: ['repository', 'settings', 'database'],
  async run({ repository, settings, database, replicas, settingsFor, env }) {
    const { pooler, poolMax } = settings.database;
    if (pooler !== 'none') return skip(`a pooler stands between (DB_POOLER=${pooler}): its own settings decide`);
    const { advisePoolSize } = await import('../../../postgres/index.js');
    const fleets =
      replicas === undefined
        ? await fleetsIn(repository, settings.profile, { settingsFor, env })
        : [{ replicas, max: poolMax }];
    const counted = fleets.length === 0 ? [{ replicas: 1, max: poolMax }] : fleets;
    return Promise.all(
      counted.map(async ({ replicas: count, max, file }) => {
        // Only its question and its `max` count here.
        const pool = { query: (text: string) => database.pool.query(text), options: { max } };
        return findingOf(await advisePoolSize(pool, { replicas: count }), max, file);
      }),
    );
  },
});

function findingOf(
  { isWithin, message, recommendedMax, wanted, available }: PoolAdvice,
  max: number,
  file?: string,
): Finding {
  if (!isWithin) return fail(message, `DB_POOL_SIZE of ${recommendedMax} or less, or a larger max_connections`, file);
  if (max <= recommendedMax) return ok(message, file);
  const says = `${wanted} connections leave ${available - wanted} of ${available} for psql, backups and migrations`;
  return warn(says, `DB_POOL_SIZE of ${recommendedMax} or less`, file);
}

/** What the manifests of this profile would start. */
async function fleetsIn(
  repository: Repository,
  profile: string,
  { settingsFor, env }: Pick<Circumstances, 'settingsFor' | 'env'>,
): Promise<Fleet[]> {
  const { deployments } = await deploymentsIn(repository);
  const { apps } = await pm2AppsIn(repository);
  const pods = deployments.map((one) => ({
    settings: settingsOf(one, settingsFor),
    replicas: one.replicas,
    file: one.file,
  }));
  const workers = apps.map((app) => ({
    settings: settingsFor({ env: { ...env, ...app.env, pm_id: '0' }, hasEnvFile: true }),
    replicas: app.instances,
    file: app.file,
  }));
  return [...pods, ...workers].flatMap(({ settings, replicas, file }) =>
    typeof settings === 'string' || settings.profile !== profile
      ? []
      : [{ replicas, max: settings.database.poolMax, file }],
  );
}
