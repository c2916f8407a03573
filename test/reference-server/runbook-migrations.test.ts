import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Called } from '../cli/call.js';
import { cliIn } from '../cli/cli.js';
import { testDatabase } from '../support/postgres.js';
import { REFERENCE_SERVER } from '../support/reference-server.js';

let database: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const LAST = '20260105_094000_add_job_state';

/**
 * The lines of the runbooks about migrations and seeds, in an order in which they can be run one after the other; what was
 * run for each, and what it said. A line of another tool is what the table of docs/cli.md has for it.
 */
const LINES: readonly (readonly [line: string, run: readonly string[], says: RegExp])[] = [
  // K, before anything is there: what stands pending.
  [
    'docker-compose exec backend npx prisma migrate status',
    ['migrate', 'status'],
    /^\[ \] 20260105_090000_create_users/,
  ],
  // B, E
  ['npm run migration:run', ['migration:run'], new RegExp(`applied ${LAST}`)],
  ['npm run migration:show', ['migration:show'], new RegExp(`\\[X\\] ${LAST}\n$`)],
  ['npm run migration:revert', ['migration:revert'], new RegExp(`^reverted ${LAST}\n$`)],
  [
    'npm run migration:generate -- src/migrations/MigrationName',
    ['migration:generate', 'src/migrations/MigrationName'],
    /^nothing to generate/,
  ],
  [
    'npm run migration:create src/migrations/MigrationName',
    ['migration:create', 'src/migrations/MigrationName', '--dry-run'],
    /_migration_name\.sql\n/,
  ],
  [
    'npm run migration:create -- add_new_column',
    ['migration:create', 'add_new_column', '--dry-run'],
    /_add_new_column\.sql\n/,
  ],
  // C, O, K: Prisma
  ['npx prisma migrate deploy', ['migrate', 'deploy'], new RegExp(`^applied ${LAST}\n$`)],
  ['docker-compose exec backend npx prisma migrate deploy', ['migrate', 'deploy'], /^nothing to apply\n$/],
  [
    'DATABASE_URL="postgresql://user@localhost:5432/ordo_todo_test" npx prisma migrate deploy',
    ['migrate', 'deploy'],
    /^nothing to apply\n$/,
  ],
  ['npx prisma migrate dev --name add_jobs_table', ['migration:generate', 'add_jobs_table'], /^nothing to generate/],
  [
    'npx prisma migrate dev --name describe_your_migration',
    ['migration:generate', 'describe_your_migration'],
    /^nothing to generate/,
  ],
  [
    'docker-compose exec backend npx prisma migrate rollback',
    ['migrate', 'rollback'],
    new RegExp(`^reverted ${LAST}\n$`),
  ],
  ['supabase db push', ['migrate', 'run'], new RegExp(`^applied ${LAST}\n$`)],
  ['alembic upgrade head', ['migrate', 'run'], /^nothing to apply\n$/],
  [
    'alembic revision -m "add jobs table"',
    ['migration:create', 'add_jobs_table', '--dry-run'],
    /_add_jobs_table\.sql\n/,
  ],
  [
    'supabase migration new add_jobs_table',
    ['migration:create', 'add_jobs_table', '--dry-run'],
    /_add_jobs_table\.sql\n/,
  ],
  [
    'docker-compose exec backend npx prisma migrate resolve --rolled-back 20240115_001',
    ['migrate', 'resolve', '--rolled-back', '20260105_094000'],
    new RegExp(`^${LAST} is remembered as not applied\n$`),
  ],
  ['npm run seed', ['seed'], /^applied seeds\/users\.js\n/],
  ['npm run seed -- --file seeds/users.js', ['seed', '--file', 'seeds/users.js'], /^applied seeds\/users\.js\n$/],
  ['npm run db:check', ['db:check'], /^nothing is wrong\n$/],
  ['docker-compose exec backend npm run db:ping', ['db:ping'], /^database \w+ answers\n$/],
];

/** `migrate …` as it is, `migration:…` and its like as the npm script of that name says. */
async function ran([name = '', ...args]: readonly string[]): Promise<Called> {
  const { scripts } = JSON.parse(await readFile(join(REFERENCE_SERVER, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const words = name === 'migrate' ? [name] : (scripts[name] ?? '').replace('node ../../dist/cli.js ', '').split(' ');
  const noEnvFile = name === 'migration:create' ? [] : ['--dotenv', 'none'];
  return cliIn(REFERENCE_SERVER, [...words, ...args, ...noEnvFile], { env: { DATABASE_URL: database.url } });
}

describe('the migration lines of the runbooks, one after the other', () => {
  it.each(LINES)('%s', async (_line, run, says) => {
    const { stdout, stderr } = await ran(run);
    expect(stdout, stderr).toMatch(says);
  });

  it('of other tools are in the table of docs/cli.md (MIG-10, MIG-14, CLI-10)', async () => {
    const page = await readFile(join(REFERENCE_SERVER, '../../docs/cli.md'), 'utf8');
    const others = LINES.map(([line]) => /(?:prisma|alembic|supabase) .*/.exec(line)?.[0]).filter(
      (line) => line !== undefined,
    );
    expect(others).toHaveLength(12);
    const told = (line: string): boolean => page.includes(`\`${line}\``) || page.includes(line.replace(/ \w+$/, ''));
    expect(others.filter((line) => !told(line))).toEqual([]);
    // Another tool's own client, which nothing here has.
    expect(page).toContain('`prisma generate`');
  });
});
