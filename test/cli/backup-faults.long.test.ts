import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { requireTool } from '../support/real-tools.js';
import { cli } from './cli.js';
import { backupCalls, type BackupCalls, type RunningCall } from './backup-calls.js';
import { connected, useDatabase } from './fixtures.js';

const isInstalled = requireTool('pg_dump').isInstalled && requireTool('psql').isInstalled;
const canMount = ((): boolean => {
  const dir = mkdtempSync(join(tmpdir(), 'mount-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', dir]).status === 0;
  if (isMounted) spawnSync('umount', [dir]);
  rmSync(dir, { recursive: true });
  return isMounted;
})();

/** What a restore of the table `held` waits for, in the middle of its transaction. */
const GATE = 4711;

const database = useDatabase('all');
let calls: BackupCalls;

beforeAll(async () => {
  calls = backupCalls(database.url);
  await database.client.query(`
    create function passes() returns boolean language sql as 'select pg_advisory_xact_lock_shared(${GATE}) is not null';
    create table held (id int check (public.passes()));
    create table parent (id int) partition by list (id);
    insert into held select n from generate_series(1, 100) n`);
});
afterAll(() => calls.remove());

describe.skipIf(!isInstalled)('a dump that does not come to its end', () => {
  it.each([
    ['kill -9', 'SIGKILL', null],
    ['SIGTERM', 'SIGTERM', 143],
    ['Ctrl-C', 'SIGINT', 130],
  ] as const)(
    'leaves nothing that looks good after %s, and the next run sweeps up (F28, S45)',
    async (_what, signal, code) => {
      const { run, release } = await blockedDump();
      expect(calls.everything().some((name) => name.includes('.partial-'))).toBe(true);
      run.child.kill(signal);
      const { exitCode, stderr } = await run.ended;
      expect(exitCode).toBe(code);
      await release();
      if (code !== null) expect(stderr).toBe('error: interrupted\n');
      expect(calls.files().filter((name) => !name.startsWith('.') && !name.includes('.partial-'))).toEqual([]);
      if (code !== null) expect(calls.everything()).toEqual([]);
      const next = await calls.backup('create', '--name', 'next.dump');
      expect(next.exitCode).toBe(0);
      if (code === null)
        expect(next.stderr).toMatch(/^removed test_\w+\.dump\.partial-\d+, which an interrupted run has left\n$/);
      expect(calls.everything()).toEqual(['next.dump', 'next.dump.manifest.json']);
      for (const name of calls.everything()) rmSync(join(calls.dir, name));
    },
  );

  it('leaves nothing when the server ends it; refuses a second run meanwhile; shows no password to ps (BKP-20, S47)', async () => {
    const { run, release, pid } = await blockedDump();
    const second = await calls.backup('create');
    expect(second).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^error: another backup command works in this folder: process \d+ on /),
    });
    const commands = commandLines().filter((line) => line.includes('pg_dump'));
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.join('\n')).not.toMatch(/postgres:\/\/|PGPASSWORD/);
    await database.client.query('select pg_terminate_backend($1)', [pid]);
    const { exitCode, stderr } = await run.ended;
    await release();
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(
        /^error: pg_dump exited with 1: .*terminating connection due to administrator command.*\n$/,
      ),
    });
    expect(calls.everything()).toEqual([]);
  });

  it.skipIf(!canMount)('leaves nothing on a full disk, and names the disk (F29)', async () => {
    const env = { PATH: process.env.PATH ?? '', DATABASE_URL: database.url };
    const disk = mkdtempSync(join(tmpdir(), 'small-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
    onTestFinished(async () => {
      await database.client.query('drop table large');
      execFileSync('umount', [disk]);
      rmSync(disk, { recursive: true });
    });
    await database.client.query(`
      create table large (text text);
      insert into large select string_agg(md5(n::text || m::text), '') from generate_series(1, 100) n, generate_series(1, 3000) m group by n`);
    for (const format of ['plain', 'gzip', 'custom']) {
      expect(await cli(['backup', 'create', '--format', format, '--dir', disk, '--dotenv', '/none'], { env })).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `error: the disk is full (ENOSPC): ${disk}; no backup was made\n`,
      });
    }
    expect(readdirSync(disk)).toEqual([]);
  });
});

describe.skipIf(!isInstalled)('a backup that is not what it was (F30)', () => {
  beforeAll(async () => {
    for (const format of ['custom', 'plain', 'gzip'])
      await calls.backup('create', '--format', format, '--name', format);
    await database.client.query('insert into held values (101)');
    await calls.backup('create', '--name', 'other');
  });

  const flip = (name: string, at: (size: number) => number): void => {
    const path = join(calls.dir, name);
    const bytes = readFileSync(path);
    const place = at(bytes.length);
    bytes[place] = bytes[place]! ^ 1;
    writeFileSync(path, bytes);
  };
  const half = (size: number): number => Math.floor(size / 2);
  const manifest = (name: string): string => join(calls.dir, `${name}.manifest.json`);

  it.each([
    [
      'cut off',
      (name: string) => truncateSync(join(calls.dir, name), half(statSync(join(calls.dir, name)).size)),
      /is damaged/,
    ],
    [
      'cut at its last byte',
      (name: string) => truncateSync(join(calls.dir, name), statSync(join(calls.dir, name)).size - 1),
      /is damaged/,
    ],
    ['changed in one byte', (name: string) => flip(name, half), /is damaged/],
    ['empty', (name: string) => truncateSync(join(calls.dir, name), 0), /is no backup: it is empty/],
    [
      'another backup',
      (name: string) => copyFileSync(join(calls.dir, 'other'), join(calls.dir, name)),
      /is damaged: its checksum is not that of its manifest/,
    ],
    [
      'with a manifest that was changed',
      (name: string) => flip(`${name}.manifest.json`, half),
      /is not trusted: the manifest/,
    ],
    [
      'with the manifest of another',
      (name: string) => copyFileSync(manifest('other'), manifest(name)),
      /is not trusted: the manifest is that of another backup/,
    ],
  ])('is refused before anything is touched: %s', async (_what, damage, message) => {
    const before = await rowsOf('held');
    for (const name of ['custom', 'plain', 'gzip']) {
      const kept = [join(calls.dir, name), manifest(name)].map((path) => ({ path, bytes: readFileSync(path) }));
      damage(name);
      const { exitCode, stderr, stdout } = await calls.backup('restore', name, '--force', database.name);
      expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 1, stdout: '', stderr: expect.stringMatching(message) });
      for (const { path, bytes } of kept) writeFileSync(path, bytes);
    }
    expect(await rowsOf('held')).toBe(before);
  });

  it('is told by verify when a restore of it has other rows, and by list when it is away', async () => {
    const { writeBackupManifest, readBackupManifest } = await import('express-runbook');
    const known = await readBackupManifest(calls.dir, 'plain');
    if (typeof known === 'string') throw new Error(known);
    await writeBackupManifest(calls.dir, {
      ...known,
      contents: { ...known.contents!, tables: { ...known.contents!.tables, 'public.held': 101 } },
    });
    expect(await calls.backup('verify', 'plain')).toMatchObject({
      exitCode: 1,
      stdout:
        'plain was restored, and is not good\nit is not what was dumped:\n  public.held has 100 rows instead of 101\n',
    });
    expect(await readBackupManifest(calls.dir, 'plain')).not.toHaveProperty('verifiedAt');
    rmSync(join(calls.dir, 'gzip'));
    const listed = await calls.backup('list');
    expect(listed).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/gzip .* it has a manifest, and is away/),
    });
  });
});

describe.skipIf(!isInstalled)('a restore that is cut in its middle (F31)', () => {
  it.each([
    ['the command is killed', (run: RunningCall) => Promise.resolve(run.child.kill('SIGKILL'))],
    ['the command is interrupted', (run: RunningCall) => Promise.resolve(run.child.kill('SIGINT'))],
    [
      'the server ends its session',
      (_run: RunningCall, pid: number) => database.client.query('select pg_terminate_backend($1)', [pid]),
    ],
  ])('leaves the database as it was when %s', async (_what, cut) => {
    const before = await rowsOf('held');
    const gate = await connected(database.url);
    await gate.query(`select pg_advisory_lock(${GATE})`);
    const run = calls.start('restore', 'custom', '--force', database.name);
    const pid = await waitingPid('COPY public.held');
    await cut(run, pid);
    expect((await run.ended).exitCode).not.toBe(0);
    await gate.end();
    await expect.poll(async () => sessions('COPY public.held')).toEqual([]);
    expect(await rowsOf('held')).toBe(before);
  });
});

/** A dump that waits for a table; its file is there, and empty. */
async function blockedDump(): Promise<{ run: RunningCall; pid: number; release: () => Promise<void> }> {
  const blocker = await connected(database.url);
  await blocker.query('begin; lock table parent in access exclusive mode');
  const run = calls.start('create');
  const pid = await waitingPid('LOCK TABLE');
  return { run, pid, release: () => blocker.end() };
}

async function waitingPid(query: string): Promise<number> {
  await expect.poll(() => sessions(query), { timeout: 20_000 }).toHaveLength(1);
  return (await sessions(query))[0]!;
}

async function sessions(query: string): Promise<number[]> {
  const { rows } = await database.client.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = $1 and query like $2 and wait_event_type = 'Lock' and pid <> pg_backend_pid()`,
    [database.name, `%${query}%`],
  );
  return rows.map(({ pid }) => pid);
}

async function rowsOf(table: string): Promise<number> {
  return (await database.client.query(`select from ${table}`)).rowCount ?? 0;
}

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
}
