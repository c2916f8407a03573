import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createMetrics, observeBackups, writeBackupManifest } from 'express-runbook';
import { backupRules, createAlerts } from 'express-runbook/alerts';
import { fakeClock } from 'express-runbook/testing';
import { recordingChannel } from './recording-channel.js';

const AT = Date.parse('2026-11-22T12:00:00.000Z');
const HOUR_MS = 3_600_000;
const dir = mkdtempSync(join(tmpdir(), 'backup-rules-'));
afterAll(() => rmSync(dir, { recursive: true }));

it('tell in the process when the newest backup is older than it may be, and that it is made up for (BKP-14)', async () => {
  const clock = fakeClock(AT);
  const channel = recordingChannel();
  const { registry } = createMetrics();
  observeBackups({ registry, dir });
  const alerts = createAlerts({
    service: 'orders',
    rules: backupRules({ rpoSeconds: 26 * 3600 }),
    channels: [channel],
    registry,
    intervalMs: 0,
    resolveAfterMs: 0,
    hysteresis: 0,
    now: clock.now,
  });
  const told = async (): Promise<string[]> => {
    await alerts.tick();
    await alerts.flush();
    return channel.events
      .splice(0)
      .map(({ status, name }) => `${status} ${name}`)
      .sort();
  };
  const backedUp = async (file: string): Promise<void> => {
    const at = new Date(clock.now()).toISOString();
    writeFileSync(join(dir, file), 'x');
    const about = { version: 1, file, format: 'custom', database: 'shop', serverVersion: '16.1' } as const;
    const proof = { verifiedAt: at, drill: { at, restoreMs: 1, totalMs: 2 } };
    await writeBackupManifest(dir, {
      ...about,
      startedAt: at,
      createdAt: at,
      sizeBytes: 1,
      sha256: '0'.repeat(64),
      ...proof,
    });
  };
  expect(await told()).toEqual(['firing BackupDrillTooOld', 'firing BackupNotVerified', 'firing BackupTooOld']);
  await backedUp('one.dump');
  expect(await told()).toEqual(['resolved BackupDrillTooOld', 'resolved BackupNotVerified', 'resolved BackupTooOld']);
  clock.advance(26 * HOUR_MS);
  expect(await told()).toEqual([]);
  clock.advance(1000);
  expect(await told()).toEqual(['firing BackupTooOld']);
  await backedUp('two.dump');
  expect(await told()).toEqual(['resolved BackupTooOld']);
  await alerts.close();
});

it('are refused by name when nobody says how old a backup may be', () => {
  expect(() => backupRules({} as never)).toThrow('backupRules.rpoSeconds is required: say how old');
  expect(() => backupRules({ rpoSeconds: 0 })).toThrow('backupRules.rpoSeconds must be');
});
