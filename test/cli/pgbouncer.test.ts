import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startPgBouncer, type PgBouncer } from '../support/pgbouncer.js';
import { requireTool } from '../support/real-tools.js';
import type { Called } from './call.js';
import { cli } from './cli.js';
import { doctor, type Seen } from './doctor-calls.js';
import { useDatabase, useFolder } from './fixtures.js';

const tool = requireTool('pgbouncer');
const database = useDatabase('all');
const folder = useFolder();

describe.skipIf(!tool.isInstalled)('behind PgBouncer in transaction mode', () => {
  let bouncer: PgBouncer;
  let service: pg.Client;
  beforeAll(async () => {
    await database.client.query('CREATE TABLE events (id int, created_at timestamptz); CREATE TABLE stock (id int)');
    // One connection to the server: the service has what the program had.
    bouncer = await startPgBouncer(database.url, 'transaction', 1);
    service = new pg.Client({ connectionString: bouncer.url });
    await service.connect();
  });
  afterAll(async () => {
    await service.end();
    await bouncer.stop();
  });

  const run = (...args: string[]): Promise<Called> =>
    cli([...args, '--dotenv', '/nonexistent/.env'], { env: { DATABASE_URL: bouncer.url, DB_POOLER: 'transaction' } });
  const ask = (...args: string[]): Promise<Seen> =>
    doctor(['--only', 'database', '--only', 'clock.database', ...args], {
      folder: folder.path,
      env: { DATABASE_URL: bouncer.url, DB_POOLER: 'transaction' },
    });
  const sessionOfService = async (): Promise<unknown> =>
    (
      await service.query(`SELECT current_setting('statement_timeout') AS statement,
        current_setting('lock_timeout') AS lock, current_setting('default_transaction_read_only') AS "readOnly",
        current_setting('search_path') AS path`)
    ).rows[0];

  it.each([
    ['ping'],
    ['size'],
    ['connections'],
    ['activity'],
    ['locks'],
    ['tables'],
    ['bloat'],
    ['indexes'],
    ['check'],
  ])('db %s shows what it shows, and the service can write afterwards as it could before (CLI-06)', async (name) => {
    const before = await sessionOfService();
    expect(await run('db', name)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await sessionOfService()).toEqual(before);
    await service.query('INSERT INTO stock VALUES (1)');
  });

  it('db kill ends the session that is named', async () => {
    const other = new pg.Client({ connectionString: database.url });
    // Of the end, and then of the connection.
    const ended = new Promise((resolve) => other.on('error', resolve));
    await other.connect();
    const { rows } = await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    expect(await run('db', 'kill', String(rows[0]?.pid), '--yes')).toMatchObject({ exitCode: 0 });
    expect(await ended).toMatchObject({ code: '57P01' });
  });

  it.each([
    [['db', 'vacuum']],
    [['db', 'analyze', 'stock']],
    [['db', 'archive', 'events', '--into', 'stock', '--yes']],
    [['db', 'check', '--deep']],
    [['seed', '--file', 'seeds/none.sql']],
    [['backup', 'create']],
  ])('%j, which needs a session of its own, says so, and leaves nothing with the service', async (args) => {
    await folder.write({ 'seeds/none.sql': 'SELECT 1' });
    const before = await sessionOfService();
    const where = args[0] === 'backup' ? ['--dir', folder.path] : [];
    const said = args.map((word) => word.replace(/^seeds\//, `${folder.path}/seeds/`));
    expect(await run(...said, ...where)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /this needs a session of its own, and a pooler .*DATABASE_URL of the server/,
      ) as string,
    });
    expect(await sessionOfService()).toEqual(before);
  });

  it('the doctor looks at what it can, and says why it left out the rest (T-01)', async () => {
    await folder.write({ 'migrations/1_a.sql': 'SELECT 1;' });
    const before = await sessionOfService();
    const seen = await ask();
    expect(seen).toMatchObject({ exitCode: 0, warned: [], failed: [] });
    expect(seen.skipped).toEqual([
      expect.stringMatching(/^database\.encryption: a pooler stands between \(DB_POOLER=transaction\)/),
      expect.stringMatching(/^database\.connections: a pooler stands between \(DB_POOLER=transaction\)/),
      expect.stringMatching(/^database\.migrations: it needs a session, which DB_POOLER=transaction does not give/),
    ]);
    expect(await sessionOfService()).toEqual(before);
  });

  it('the doctor says what to set when nothing says that it is there', async () => {
    const { report, failed } = await doctor(['--only', 'database.reachable'], { env: { DATABASE_URL: bouncer.url } });
    expect(failed.join()).toMatch(/^database\.reachable: .*unsupported startup parameter/);
    expect(report.checks[0]?.findings[0]?.cure).toContain('DB_POOLER=transaction');
  });
});

describe.skipIf(!tool.isInstalled)('behind PgBouncer in session mode', () => {
  it('commands that need a session have one, once DB_POOLER says so', async () => {
    const bouncer = await startPgBouncer(database.url, 'session', 2);
    onTestFinished(() => bouncer.stop());
    const analyze = (env: Record<string, string>): Promise<Called> =>
      cli(['db', 'analyze', '--dotenv', '/nonexistent/.env'], { env: { DATABASE_URL: bouncer.url, ...env } });
    expect(await analyze({ DB_POOLER: 'session' })).toMatchObject({ exitCode: 0, stdout: 'done: ANALYZE\n' });
    expect(await analyze({})).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('DB_POOLER=session') as string,
    });
  });
});
