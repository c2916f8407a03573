import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { MigrationError } from './migration-error.js';
import type { MigratorSettings } from './options.js';

const POLL_MS = 100;
const REPORT_EVERY_MS = 5000;

/**
 * Runs `work` while nobody else migrates this database. The lock is asked for again and again instead of waited for in
 * the server: a waiting statement would hold a snapshot, on which CREATE INDEX CONCURRENTLY waits in turn: a deadlock.
 */
export async function withMigrationLock<Result>(
  client: Client,
  settings: MigratorSettings,
  work: () => Promise<Result>,
): Promise<Result> {
  const key = `express-runbook:${settings.table}`;
  await lock(client, key, settings);
  try {
    return await work();
  } finally {
    // Closing the connection frees it as well, so a lost one needs no second error.
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [key]).catch(() => undefined);
  }
}

async function lock(client: Client, key: string, { lockTimeoutMs, logger, signal }: MigratorSettings): Promise<void> {
  const startedAt = performance.now();
  let reportAt = 0;
  while (!(await tryLock(client, key))) {
    const waitedMs = performance.now() - startedAt;
    if (waitedMs >= lockTimeoutMs) throw await lockedBy(client, key, lockTimeoutMs);
    if (waitedMs >= reportAt) {
      logger.info({ waitedMs: Math.round(waitedMs), lockTimeoutMs }, 'Waiting for another migration of this database');
      reportAt = waitedMs + REPORT_EVERY_MS;
    }
    await sleep(Math.min(POLL_MS, lockTimeoutMs - waitedMs), undefined, { signal });
  }
}

async function tryLock(client: Client, key: string): Promise<boolean> {
  const text = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked';
  return (await client.query<{ locked: boolean }>(text, [key])).rows[0]?.locked === true;
}

async function lockedBy(client: Client, key: string, lockTimeoutMs: number): Promise<MigrationError> {
  const { rows } = await client.query<{ pid: number; application_name: string }>(
    `SELECT pid, application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND objsubid = 1
       AND (classid::bigint << 32) | objid::bigint = hashtextextended($1, 0)`,
    [key],
  );
  const [holder] = rows;
  const who = holder === undefined ? '' : ` (backend ${holder.pid}, ${holder.application_name})`;
  const cure = `wait for it, or end it with SELECT pg_terminate_backend(${holder?.pid ?? 'pid'})`;
  const message = `another migration of this database did not finish within ${lockTimeoutMs} ms${who}; ${cure}`;
  return new MigrationError('ERR_MIGRATION_LOCKED', message);
}
