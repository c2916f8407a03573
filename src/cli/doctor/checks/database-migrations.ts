import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { check } from '../doctor-check.js';
import { fail, ok, skip } from '../finding.js';

const NEEDS_SESSION =
  'it needs a session, which DB_POOLER=transaction does not give: ask with DB_POOLER=none and DATABASE_URL set to the address of the server itself';

export const databaseMigrations = check({
  id: 'database.migrations',
  title: 'migrations that are pending, changed or gone',
  needs: ['repository', 'database'],
  async run({ repository, database, migrations: { dir, table }, signal }) {
    const names = await readdir(resolve(repository.dir, dir)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    if (!names.some((name) => /\.(?:sql|[cm]?[jt]s)$/.test(name)))
      return skip(`there are no migrations in ${dir}: --dir says where`);
    // Reading them sets what a pooler would hand on to the next client.
    if (database.settings.pooler === 'transaction') return skip(NEEDS_SESSION);
    const { createMigrator } = await import('../../../postgres/index.js');
    const status = await createMigrator({ pool: database.pool, dir, table, signal }).status();
    const named = (wanted: string): string[] => status.flatMap(({ name, state }) => (state === wanted ? [name] : []));
    const [pending, changed, missing] = [named('pending'), named('changed'), named('missing')];
    const found = [
      ...(pending.length === 0
        ? []
        : [fail(`${counted(pending)} not applied: ${listed(pending)}`, 'express-runbook migrate run')]),
      ...(changed.length === 0
        ? []
        : [fail(`changed after being applied: ${listed(changed)}`, 'bring the file back, and write a new migration')]),
      ...(missing.length === 0
        ? []
        : [
            fail(
              `applied, and the file is gone: ${listed(missing)}`,
              'deploy the version that has it, or migrate resolve',
            ),
          ]),
    ];
    return found.length > 0 ? found : ok(`${counted(status)} applied`);
  },
});

function counted({ length }: { readonly length: number }): string {
  return length === 1 ? '1 migration is' : `${length} migrations are`;
}

const MAX_LISTED = 5;

function listed(names: readonly string[]): string {
  const rest = names.length - MAX_LISTED;
  return `${names.slice(0, MAX_LISTED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
