import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../support/real-tools.js';
import { BIN } from './call.js';
import { useDatabase, useFolder } from './fixtures.js';

const [psql, pgDump] = [requireTool('psql'), requireTool('pg_dump')];
const database = useDatabase('all');
const folder = useFolder();
const run = promisify(execFile);

/** What a shell, a URL and a file of settings would each read otherwise. */
const PASSWORD = '50% s@fe "$HOME" `id` #1';
const role = (): string => `role_of_${database.name}`;

beforeAll(() => database.client.query(`CREATE ROLE ${role()} LOGIN PASSWORD '${PASSWORD}'`));
afterAll(() => database.client.query(`DROP ROLE ${role()}`));

function saidAs(form: 'DATABASE_URL' | 'DB_…'): Record<string, string> {
  const { hostname, port, pathname } = new URL(database.url);
  if (form === 'DATABASE_URL')
    return { DATABASE_URL: `postgres://${role()}:${encodeURIComponent(PASSWORD)}@${hostname}:${port}${pathname}` };
  const [DB_HOST, DB_PORT, DB_NAME, DB_USER] = [hostname, port, pathname.slice(1), role()];
  return { DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD: PASSWORD };
}

/** What a person types after it, in the words of the runbooks. */
const LINES = [
  'program() { "$NODE" "$BIN" "$@"; }',
  'program config print --json > before',
  'shell=$(program config print --shell)',
  'eval "$shell"',
  'program config print --json > after',
  'psql $DATABASE_URL -Atc "SELECT 1"',
  'psql -U $DB_USER -h $DB_HOST -p $DB_PORT $DB_NAME -Atc "SELECT 2"',
  'psql -Atc "SELECT 3"',
  'program db ping',
  'program backup create --dir backups --name one.dump >&2',
  'diff before after',
  'echo "$shell"',
];

describe.skipIf(!psql.isInstalled || !pgDump.isInstalled)('eval "$(express-runbook config print --shell)"', () => {
  it.each([
    ['DATABASE_URL', 'the environment'],
    ['DB_…', 'the environment'],
    ['DATABASE_URL', '.env'],
    ['DB_…', '.env'],
  ] as const)('has psql and our commands find the database that %s in %s tells of (X-13)', async (form, place) => {
    const said = saidAs(form);
    const text = Object.entries(said).map(([name, value]) => `${name}='${value}'\n`);
    if (place === '.env') await folder.write({ '.env': text.join('') });
    const env = { PATH: process.env.PATH, NODE: process.execPath, BIN, ...(place === '.env' ? {} : said) };
    const { stdout } = await run('sh', ['-ec', LINES.join('\n')], { cwd: folder.path, env });
    expect(stdout).toMatch(/^1\n2\n3\ndatabase \S+ answers\nexport /);
    expect(stdout).not.toMatch(/50%|s@fe|s%40fe/);
  });
});
