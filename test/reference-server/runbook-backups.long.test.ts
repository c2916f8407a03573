import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../cli/cli.js';
import { testServer } from '../support/postgres.js';
import { requireTool } from '../support/real-tools.js';
import { REFERENCE_SERVER } from '../support/reference-server.js';
import { runTask } from '../support/seeded-database.js';

const isInstalled = requireTool('pg_dump').isInstalled && requireTool('psql').isInstalled;

interface Said {
  readonly code: number;
  readonly out: string;
}

let server: Awaited<ReturnType<typeof testServer>>;
let scratch: string;
let variables: Record<string, string>;

beforeAll(async () => {
  if (!isInstalled) return;
  // As the runbooks have it: -U postgres, and nobody is asked for a password.
  server = await testServer({ user: 'postgres', database: 'builder_api_dev' });
  scratch = mkdtempSync(join(tmpdir(), 'runbook-'));
  const { hostname, port, password } = new URL(server.url);
  variables = { PGHOST: hostname, PGPORT: port, PGUSER: 'postgres', PGPASSWORD: password };
  await runTask(server.url, 'migration:run');
  await runTask(server.url, 'seed');
  for (const name of ['codebook', 'ordo_todo', 'booky', 'beo_automation'])
    await shell(`createdb -T builder_api_dev ${name}`);
});
afterAll(async () => {
  if (!isInstalled) return;
  await server.stop();
  rmSync(scratch, { recursive: true });
});

/** Runs the line as printed, in a shell and a folder of its own. */
function shell(line: string, env: Record<string, string> = {}): Promise<Said> {
  const PATH = `${process.env.PATH ?? ''}:/usr/lib/postgresql/15/bin`;
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['--norc', '-c', line],
      { cwd: scratch, env: { PATH, ...variables, ...env } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr });
      },
    );
  });
}

/** The program, as an operator of the service that owns this database. */
async function backup(database: string, ...args: string[]): Promise<Said> {
  const settings = ['--dotenv', '/none', '--dir', join(scratch, 'backups')];
  const env = { PATH: process.env.PATH ?? '', DATABASE_URL: urlOf(database) };
  const { exitCode, stdout, stderr } = await cli(['backup', ...args, ...settings], { env });
  return { code: exitCode, out: stdout + stderr };
}

function urlOf(name: string): string {
  return Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
}

const rows = async (database: string): Promise<string> =>
  (await shell(`psql -XAt -d ${database} -c "SELECT count(*) FROM projects;"`)).out;

/**
 * Every line about backups that the five runbooks print, in an order that works: the line, the exit code, what it says. Lines
 * that run in a container are run without `docker-compose exec postgres` in front; a defective line has its reason beside it.
 */
const LINES: readonly (readonly [line: string, code: number, says: RegExp, defect?: string])[] = [
  // B
  ['pg_dump -Fc builder_api_dev -U postgres > backup_$(date +%Y%m%d_%H%M%S).dump', 0, /^$/],
  [
    'cp backup_*.dump backup_file.dump && cp backup_file.dump backup.dump && cp backup_file.dump latest_backup.dump',
    0,
    /^$/,
  ],
  ['pg_restore -d builder_api_dev -U postgres backup_file.dump', 1, /already exists[^]*errors ignored/, 'T-06'],
  ['pg_restore -d bobbuilder_restore backup.dump', 1, /database "bobbuilder_restore" does not exist/, 'T-40'],
  ['createdb bobbuilder_restore && pg_restore -d bobbuilder_restore backup.dump', 0, /^$/],
  [
    'pg_restore -t "2024-11-06 12:00:00" backup.dump',
    1,
    /one of -d\/--dbname and -f\/--file must be specified/,
    'T-04',
  ],
  ['createdb bobbuilder_test', 0, /^$/],
  ['pg_restore -d bobbuilder_test latest_backup.dump', 0, /^$/],
  ['psql bobbuilder_test -c "SELECT count(*) FROM projects;"', 0, /\n +12\n/],
  // C, with the address of a server that is here
  ['pg_dump -h 127.0.0.1 -U postgres -d codebook > backup-$(date +%Y%m%d).sql', 0, /^$/],
  ['cp backup-*.sql backup-20250115.sql', 0, /^$/],
  [
    'psql -h 127.0.0.1 -U postgres -d codebook < backup-20250115.sql',
    0,
    /already exists/,
    'T-21: rows twice, or errors, and exit code 0',
  ],
  // O
  ['mkdir -p backups && pg_dump -Fc ordo_todo -f backups/backup_production_20260101_000000.sql', 0, /^$/],
  ['ls -lh backups/', 0, /backup_production_20260101_000000\.sql/],
  ['pg_restore -d ordo_todo backups/backup_production_20260101_000000.sql', 1, /errors ignored on restore/, 'T-06'],
  ['pg_restore -d ordo_todo -c backups/backup_production_20260101_000000.sql', 0, /^$/],
  ['psql -d ordo_todo -c "SELECT COUNT(*) FROM \\"User\\";"', 0, /\n +2\n/],
  ['pg_restore -d ordo_todo backup-20250115.sql', 1, /input file appears to be a text format dump/, 'T-05'],
  ['createdb ordo_todo_test', 0, /^$/],
  // K
  ['pg_dump -U postgres booky > backup.sql', 0, /^$/],
  ['pg_dump -U postgres booky > corrupted_backup_$(date +%Y%m%d).sql', 0, /^$/],
  [
    'cp backup.sql last_good_backup.sql && psql -U postgres -d booky < last_good_backup.sql',
    0,
    /already exists/,
    'T-21',
  ],
  ['psql -U postgres -d booky < backup.sql', 0, /already exists/, 'T-21'],
  // E
  [
    'DB_USER=postgres DB_HOST=127.0.0.1 DB_NAME=beo_automation; BACKUP_FILE=beo_automation_$(date +%Y%m%d_%H%M%S).sql.gz; pg_dump -U $DB_USER -h $DB_HOST $DB_NAME | gzip > $BACKUP_FILE',
    0,
    /^$/,
  ],
  [
    'DB_NAME=no_such; pg_dump -U postgres -h 127.0.0.1 $DB_NAME | gzip > failed.sql.gz; echo "rc $?, $(stat -c %s failed.sql.gz) bytes"',
    0,
    /rc 0, 20 bytes/,
    'T-20',
  ],
  [
    'cp beo_automation_*.sql.gz backup.sql.gz; createdb beo_new; gunzip < backup.sql.gz | psql -q -U postgres -h 127.0.0.1 beo_new',
    0,
    /^/,
  ],
  [
    'createdb beo_sql; gunzip < backup.sql.gz > backup.sql; psql -q -U postgres -h 127.0.0.1 beo_sql < backup.sql',
    0,
    /^/,
  ],
  ['find . -name "*.sql.gz" -mtime +30 -delete', 0, /^$/, 'T-49: also when the new dump is empty'],
  ['touch .env; cp .env .env.backup.$(date +%Y%m%d)', 0, /^$/],
  ['mkdir -p public/uploads; tar -czf uploads_backup.tar.gz public/uploads/', 0, /^$/],
];

describe.skipIf(!isInstalled)('the lines about backups, as the runbooks print them', () => {
  it.each(LINES.map(([line, code, says]) => ({ line, code, says })))('$line → $code', async ({ line, code, says }) => {
    expect(await shell(line)).toEqual({ code, out: expect.stringMatching(says) });
  });
});

describe.skipIf(!isInstalled)('what works instead', () => {
  it('restores what the runbooks dump, without a manifest, or says at once why not (T-05, T-06, T-21, T-40)', async () => {
    const dump = (file: string, into: string): Promise<Said> =>
      backup('builder_api_dev', 'restore', join(scratch, file), '--without-manifest', '--into', into);
    for (const file of [
      'backup.dump',
      'backup-20250115.sql',
      'backup.sql.gz',
      'backups/backup_production_20260101_000000.sql',
    ]) {
      expect(await dump(file, 'bobbuilder_test')).toMatchObject({
        code: 1,
        out: expect.stringMatching(/is not empty/),
      });
      const forced = await backup(
        'builder_api_dev',
        'restore',
        join(scratch, file),
        '--without-manifest',
        '--into',
        'bobbuilder_test',
        '--force',
        'bobbuilder_test',
      );
      expect(forced).toMatchObject({ code: 0 });
      expect(await rows('bobbuilder_test')).toBe('12\n');
    }
    expect(await dump('failed.sql.gz', 'ordo_todo_test')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/there is no dump of pg_dump in it/),
    });
  });

  it('saves a database that was damaged, and brings the last good backup back, by npm scripts (BKP-12, BKP-13, BKP-17)', async () => {
    const task = async (name: string, ...args: string[]): Promise<string> =>
      (await runTask(urlOf('booky'), name, '--dir', join(scratch, 'booky'), ...args)).stdout;
    expect(await task('backup', '--name', 'last_good_backup.dump')).toMatch(/^created /);
    expect(await task('backup:drill')).toMatch(/the drill has succeeded\n$/);
    await shell('psql -X -d booky -c "DELETE FROM projects WHERE id % 2 = 0"');
    await task('backup', '--format', 'plain', '--name', 'corrupted_backup_20260101.sql');
    expect(await rows('booky')).toBe('6\n');
    await task('backup:restore', 'last_good_backup.dump', '--force', 'booky');
    expect(await rows('booky')).toBe('12\n');
    expect((await runTask(urlOf('booky'), 'db:check')).stdout).toBe('nothing is wrong\n');
    expect(await task('backup:list')).toMatch(/last_good_backup\.dump +custom +booky/);
  });

  it('scripts/backup.sh: dump, proof, prune; a step that fails is told and keeps the old ones (BKP-03, BKP-07, T-20, T-49, CLI-11)', async () => {
    const script = (env: Record<string, string>): Promise<Said> =>
      shell(join(REFERENCE_SERVER, 'scripts/backup.sh'), {
        BACKUP_DIR: join(scratch, 'postgres'),
        ENV_FILE: '/none',
        ...env,
      });
    const good = await script({ DATABASE_URL: urlOf('beo_automation') });
    expect(good).toEqual({
      code: 0,
      out: expect.stringMatching(
        /^created .*beo_automation_\d{8}_\d{6}\.sql\.gz [^]*is good[^]*1 kept\nBackup completed\n$/,
      ),
    });
    const files = readdirSync(join(scratch, 'postgres')).sort();
    const failed = await script({ DATABASE_URL: urlOf('no_such') });
    expect(failed.code).toBe(1);
    expect(failed.out).not.toContain('completed');
    expect(readdirSync(join(scratch, 'postgres')).sort()).toEqual(files);
  });

  it('scripts/backup-app-state.sh: .env and uploads, whole, and for the owner alone (BKP-16)', async () => {
    const state = join(scratch, 'state');
    mkdirSync(join(scratch, 'up'));
    writeFileSync(join(scratch, 'up/picture'), 'p');
    writeFileSync(join(scratch, 'secrets'), 'DB_PASSWORD=x\n');
    const env = { ENV_FILE: join(scratch, 'secrets'), UPLOADS_DIR: join(scratch, 'up') };
    expect((await shell(`${join(REFERENCE_SERVER, 'scripts/backup-app-state.sh')} ${state}`, env)).code).toBe(0);
    const [copy = '', archive = '', ...rest] = readdirSync(state).sort();
    expect(copy).toMatch(/^\.env\.backup\.\d{8}$/);
    expect([archive, rest]).toEqual(['uploads_backup.tar.gz', []]);
    expect(readFileSync(join(state, copy), 'utf8')).toBe('DB_PASSWORD=x\n');
    for (const name of [copy, archive]) expect(statSync(join(state, name)).mode & 0o777).toBe(0o600);
    expect((await shell(`tar -tzf ${join(state, archive)}`)).out).toContain('up/picture');
  });
});
