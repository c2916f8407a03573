import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createMetrics,
  keptBackups,
  observeBackups,
  readBackups,
  writeBackupManifest,
  type BackupManifest,
} from 'express-runbook';
import { cli } from '../cli/cli.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'backups-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

describe('retention', () => {
  const now = Date.parse('2026-12-31T12:00:00Z');
  /** Every day at 02:00 for two years, and every six hours in the last week. */
  const times = [
    ...Array.from({ length: 730 }, (_, index) => now - 10 * HOUR_MS - index * DAY_MS),
    ...Array.from({ length: 28 }, (_, index) => now - index * 6 * HOUR_MS),
  ];
  const backups = times.map((time) => ({ createdAt: new Date(time).toISOString() }));
  const kept = (...keep: string[]): string[] =>
    keptBackups(backups, keep, now)
      .map(({ createdAt }) => createdAt)
      .sort();

  it('keeps of a simulated year one per day for 7 days, per week for 4 weeks, per month for 12 months (BKP-08)', () => {
    const daily = kept('daily=7d').map((time) => time.slice(0, 10));
    expect(new Set(daily).size).toBe(daily.length);
    expect(daily).toContain('2026-12-31');
    expect(daily.length).toBeGreaterThanOrEqual(7);
    expect(daily.every((day) => day >= '2026-12-24')).toBe(true);
    const monthly = kept('monthly=12mo').map((time) => time.slice(0, 7));
    expect(new Set(monthly).size).toBe(monthly.length);
    expect(monthly).toHaveLength(13);
    const all = kept('daily=7d', 'weekly=4w', 'monthly=12mo');
    expect(all).toEqual([...new Set([...kept('daily=7d'), ...kept('weekly=4w'), ...kept('monthly=12mo')])].sort());
    expect(all.length).toBeLessThan(30);
  });

  it('keeps one per day for 30 days and one per week for 90 (BKP-09)', () => {
    const all = kept('daily=30d', 'weekly=90d');
    const old = all.filter((time) => Date.parse(time) < now - 30 * DAY_MS);
    expect(old.length).toBeGreaterThanOrEqual(8);
    for (const time of old) expect(new Date(time).getUTCDay()).toBe(0);
    expect(all.length - old.length).toBeGreaterThanOrEqual(30);
  });

  it('keeps the same backup of a past week and month from day to day, until its span is over', () => {
    const rules = ['daily=7d', 'weekly=4w', 'monthly=12mo'];
    let there: { createdAt: string }[] = [];
    for (let day = 0; day < 500; day++) {
      const time = now + day * DAY_MS;
      there = keptBackups([...there, { createdAt: new Date(time).toISOString() }], rules, time);
    }
    const months = new Set(there.map(({ createdAt }) => createdAt.slice(0, 7)));
    expect(months.size).toBe(13);
    expect(there.length).toBeLessThan(30);
  });

  it('refuses a rule that is none, by name', () => {
    expect(() => keptBackups(backups, ['daily=sometimes'], now)).toThrow(
      'keptBackups.keep must be all, hourly, daily, weekly or monthly with a span in d, w, mo or y, such as daily=7d',
    );
  });
});

describe('backup prune', () => {
  const prune = (...args: string[]): ReturnType<typeof cli> =>
    cli(['backup', 'prune', '--dotenv', '/nonexistent/.env', '--dir', dir, ...args]);

  it('removes what is older than 30 days only when a newer one was verified, and never that one (BKP-07, T-49)', async () => {
    await backupOf('old.sql.gz', 40);
    await backupOf('older.sql.gz', 50);
    await backupOf('new.sql.gz', 1);
    expect(await prune()).toMatchObject({
      exitCode: 0,
      stdout: '3 kept: none was verified (backup verify), so none may go\n',
    });
    await backupOf('new.sql.gz', 1, { verifiedAt: new Date().toISOString() });
    expect((await prune('--dry-run')).stdout).toBe('would remove older.sql.gz\nwould remove old.sql.gz\n1 kept\n');
    expect(await kept()).toEqual(['new.sql.gz', 'old.sql.gz', 'older.sql.gz']);
    expect((await prune()).stdout).toBe('removed older.sql.gz\nremoved old.sql.gz\n1 kept\n');
    expect(await kept()).toEqual(['new.sql.gz']);
  });

  it('keeps the last good one, however old, and all that came after it', async () => {
    await backupOf('good.dump', 100, { verifiedAt: new Date().toISOString() });
    await backupOf('before.dump', 120);
    await backupOf('after.dump', 90);
    expect((await prune()).stdout).toBe('removed before.dump\n2 kept\n');
  });

  it('does not count one as good that was damaged since it was verified', async () => {
    const verifiedAt = new Date().toISOString();
    await backupOf('old.dump', 60, { verifiedAt });
    await backupOf('oldest.dump', 70);
    await backupOf('new.dump', 1, { verifiedAt });
    writeFileSync(join(dir, 'new.dump'), 'PGDMP now.dump');
    const { exitCode, stdout, stderr } = await prune('--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      removed: ['oldest.dump'],
      kept: ['old.dump', 'new.dump'],
      verified: ['old.dump'],
      damaged: ['new.dump'],
    });
    expect(stderr).toContain('its checksum is not that of its manifest');
  });

  it('lets a database vouch for its own backups alone', async () => {
    await backupOf('a-old.dump', 60);
    await backupOf('b-new.dump', 1, { database: 'other', verifiedAt: new Date().toISOString() });
    expect((await prune()).stdout).toBe('2 kept\n');
  });

  it('hands what goes to an archive first, and keeps all when that fails (BKP-21)', async () => {
    await backupOf('old.dump', 60);
    await backupOf('new.dump', 1, { verifiedAt: new Date().toISOString() });
    expect(await prune('--archive-with', 'false')).toMatchObject({
      exitCode: 1,
      stderr: 'error: false has not taken them (1): all backups stay\n',
    });
    expect(await kept()).toEqual(['new.dump', 'old.dump']);
    const script = join(dir, 'archive');
    writeFileSync(script, `#!/bin/sh\nfor file; do test -s "$file" || exit 1; done\necho "$@" > ${dir}/archived\n`, {
      mode: 0o755,
    });
    expect((await prune('--archive-with', script)).exitCode).toBe(0);
    expect(readFileSync(join(dir, 'archived'), 'utf8')).toBe(`${join(dir, 'old.dump')}\n`);
    expect(await kept()).toEqual(['new.dump']);
  });

  it('refuses rules that are none', async () => {
    expect(await prune('--keep', 'forever')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('such as daily=7d'),
    });
  });
});

describe('metrics of backups', () => {
  it('tell when the last one was made, verified and rehearsed, and 0 while there is none (BKP-13, BKP-14, BKP-19)', async () => {
    const { registry } = createMetrics();
    observeBackups({ registry, dir: join(dir, 'nowhere') });
    expect(await registry.metrics()).toContain('\nbackup_last_success_timestamp_seconds 0\n');

    const { registry: other } = createMetrics();
    observeBackups({ registry: other, dir, database: 'shop' });
    const at = new Date().toISOString();
    await backupOf('one.dump', 3, { verifiedAt: at, drill: { at, restoreMs: 1500, totalMs: 2500 } });
    const newest = await backupOf('two.dump', 1);
    await backupOf('three.dump', 0, { database: 'other' });
    writeFileSync(join(dir, 'broken.dump.manifest.json'), '{');
    const text = await other.metrics();
    const valueOf = (name: string): number => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
    expect(valueOf('backup_last_success_timestamp_seconds')).toBe(Date.parse(newest.createdAt) / 1000);
    expect(valueOf('backup_last_verified_timestamp_seconds')).toBe(Date.parse(at) / 1000);
    expect(valueOf('backup_last_drill_timestamp_seconds')).toBe(Date.parse(at) / 1000);
    expect(valueOf('backup_last_drill_duration_seconds')).toBe(2.5);
    expect(valueOf('backup_size_bytes')).toBe(newest.sizeBytes);
    expect(valueOf('backup_duration_seconds')).toBe(60);
  });
});

/** A file and its manifest, made so many days ago. */
async function backupOf(file: string, daysAgo: number, more: Partial<BackupManifest> = {}): Promise<BackupManifest> {
  const content = `PGDMP ${file}`;
  const createdAt = Date.now() - daysAgo * DAY_MS;
  const manifest: BackupManifest = {
    version: 1,
    file,
    format: 'custom',
    database: 'shop',
    serverVersion: '15.18',
    startedAt: new Date(createdAt - 60_000).toISOString(),
    createdAt: new Date(createdAt).toISOString(),
    sizeBytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    ...more,
  };
  writeFileSync(join(dir, file), content);
  await writeBackupManifest(dir, manifest);
  return manifest;
}

async function kept(): Promise<string[]> {
  return (await readBackups(dir)).map(({ file }) => file).sort();
}
