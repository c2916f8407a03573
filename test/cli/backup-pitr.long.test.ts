import { chmodSync, chownSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { readdir, readFile, rename } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from 'express-runbook/testing';
import { testDatabase, testServer } from '../support/postgres.js';
import { quickFolder } from '../support/quick-folder.js';
import { requireTool } from '../support/real-tools.js';
import type { Called } from './call.js';
import { cli } from './cli.js';

const hasTools = requireTool('pg_basebackup').isInstalled;

describe.skipIf(!hasTools)('backup pitr', () => {
  const dir = quickFolder('backup-pitr');
  const wal = join(dir, 'wal');
  let server: EmbeddedPostgres;
  let client: pg.Client;
  /** Those of the running server: a data folder is only for its own version, and its account may enter no other folder. */
  let binaries: string;

  const pitr = (args: string[], env = {}): Promise<Called> =>
    cli(['backup', ...args, '--dir', dir, '--dotenv', 'none'], {
      env: { DATABASE_URL: server.url, PATH: [binaries, process.env.PATH].join(delimiter), ...env },
    });

  beforeAll(async () => {
    mkdirSync(wal);
    const printed = await cli(['backup', 'pitr', 'settings', '--dir', dir, '--dotenv', 'none', '--json']);
    server = await testServer({ settings: JSON.parse(printed.stdout) as Record<string, string> });
    // The archive belongs to the account that the server runs as.
    const { uid, gid } = statSync(server.dataDir);
    chownSync(wal, uid, gid);
    client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query<{ setting: string }>(`select setting from pg_config where name = 'BINDIR'`);
    binaries = rows[0]!.setting;
    await client.query('create table events (id int primary key, at timestamptz default clock_timestamp())');
  });
  afterAll(async () => {
    await client.end();
    await server.stop();
    rmSync(dir, { recursive: true, force: true, maxRetries: 10 });
  });

  const ids = async (from: pg.Client): Promise<number[]> =>
    (await from.query<{ id: number }>('select id from events order by id')).rows.map(({ id }) => id);
  /** A moment with nothing around it: a Date has milliseconds, a transaction microseconds. */
  const now = async (): Promise<string> => {
    const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now from pg_sleep(0.01)');
    await client.query('select pg_sleep(0.01)');
    return rows[0]!.now.toISOString();
  };

  it('gives back the rows that were deleted after that moment, and none that came later (BKP-10, T-04, BKP-08)', async () => {
    await client.query('insert into events values (1), (2)');
    expect(await pitr(['base'])).toMatchObject({ exitCode: 0 });
    await client.query('insert into events values (3)');
    const moment = await now();
    await client.query('delete from events where id <= 2');
    await client.query('insert into events values (4)');
    expect(await pitr(['pitr', 'check'])).toMatchObject({ exitCode: 0, stderr: '' });

    const into = join(dir, 'recovered');
    const done = await pitr(['pitr', 'recover', '--to', moment, '--into', into, '--json']);
    expect(done.stderr.replace(/^the WAL in it is not read.*\n/, '')).toBe('');
    const report = JSON.parse(done.stdout) as { recovered: { lastTransactionAt: string; databases: string[] } };
    expect(report).toMatchObject({ dataDir: into, to: moment, recovered: { databases: ['app', 'postgres'] } });
    expect(Date.parse(report.recovered.lastTransactionAt)).toBeLessThanOrEqual(Date.parse(moment));
    const twin = await testServer({ dataDir: into });
    try {
      const reader = new pg.Client({ connectionString: twin.url });
      await reader.connect();
      expect(await ids(reader)).toEqual([1, 2, 3]);
      expect((await reader.query('show archive_mode')).rows).toEqual([{ archive_mode: 'off' }]);
      // It is a server like any other: it can be written to.
      await reader.query('insert into events values (5)');
      await reader.end();
    } finally {
      await twin.stop();
    }
    const [listed] = JSON.parse((await pitr(['list', '--json'])).stdout) as { manifest: { verifiedAt?: string } }[];
    expect(listed?.manifest.verifiedAt).toBeDefined();
    const all = await pitr(['pitr', 'recover', '--to', 'latest', '--into', join(dir, 'newest'), '--json']);
    const { recovered } = JSON.parse(all.stdout) as { recovered: { lastTransactionAt: string } };
    expect(Date.parse(recovered.lastTransactionAt)).toBeGreaterThan(Date.parse(moment));
    // The one that runs was not touched.
    expect(await ids(client)).toEqual([3, 4]);
    expect((await readdir(dir)).filter((name) => name.includes('recovered'))).toEqual(['recovered']);
    expect(await readFile(join(into, 'postgresql.auto.conf'), 'utf8')).not.toContain('restore_command');
  });

  it('says why it cannot, and leaves nothing: no base backup, not empty, a moment that is not there, a gap', async () => {
    const into = join(dir, 'never');
    const recover = (to: string, ...args: string[]): Promise<Called> =>
      pitr(['pitr', 'recover', '--to', to, '--into', into, ...args]);
    const said = (words: string) => ({ exitCode: 1, stdout: '', stderr: expect.stringContaining(words) as string });
    expect(await recover('2024-11-06 12:00:00')).toMatchObject(said('there is no base backup'));
    expect(await pitr(['pitr', 'recover', '--to', await now(), '--into', wal])).toMatchObject(said('not empty'));
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const { stderr } = await recover(later);
    expect(stderr).toMatch(/recovery ended before configured recovery target was reached.*--to latest gives back all/);
    expect(await recover('yesterday')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('It must be a moment') as string,
    });
    for (const time of ['2026-02-30 25:00', '12:00:00']) expect(await recover(time)).toMatchObject({ exitCode: 2 });

    expect(await pitr(['pitr', 'check'])).toMatchObject({ exitCode: 0 });
    expect(await pitr(['pitr', 'check'])).toMatchObject({ exitCode: 0 });
    const segments = (await readdir(wal)).filter((name) => /^[0-9A-F]{24}$/.test(name)).sort();
    const lost = segments.at(-2)!;
    await rename(join(wal, lost), join(wal, `${lost}.away`));
    expect(await recover(await now())).toMatchObject(said(`${lost} is missing`));
    expect(await pitr(['pitr', 'check'])).toMatchObject(said(`${lost} is missing`));
    await rename(join(wal, `${lost}.away`), join(wal, lost));
    expect((await readdir(dir)).filter((name) => name.includes('never'))).toEqual([]);
  });

  it('check tells an archive that the server cannot write to, and a server that archives nothing', async () => {
    chmodSync(wal, 0o500);
    const account = statSync(wal);
    // Only root has a server of another account, to whom the folder would still belong.
    if (process.getuid?.() === 0) chownSync(wal, 0, 0);
    try {
      const failing = await pitr(['pitr', 'check', '--timeout', '30']);
      expect(failing).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('archive_command fails') as string,
      });
    } finally {
      chownSync(wal, account.uid, account.gid);
      chmodSync(wal, 0o755);
    }
    const plain = await testDatabase();
    const answer = await pitr(['pitr', 'check'], { DATABASE_URL: plain.url });
    await plain.drop();
    expect(answer).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('does not archive its WAL') as string,
    });
  });
});
