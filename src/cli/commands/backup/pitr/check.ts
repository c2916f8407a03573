import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { archiveFolders, withArchive, type ArchiveOptions } from '../../../backup/pitr/archive-folder.js';
import { archivedSegments, gapIn } from '../../../backup/pitr/wal-archive.js';
import { onDatabase, type DatabaseCall } from '../../../database/on-database.js';
import { withClient, type Client } from '../../../database/with-client.js';
import { CommandError, EXIT } from '../../../exit-codes.js';
import { wholeNumber } from '../../../option-values.js';
import { printResult } from '../../../print-result.js';
import type { Terminal } from '../../../terminal.js';
import { visible } from '../../../visible.js';

interface CheckOptions extends ArchiveOptions {
  readonly timeout?: number;
}

interface Archiver {
  readonly failed: string | null;
  readonly failures: number;
}

const TIMEOUT_S = 60;
const LOOK_EVERY_MS = 100;

export function check(group: Command, terminal: Terminal): void {
  const command = withArchive(group.command('check'))
    .description('Has the server finish a WAL segment and waits until it is in the archive, which must have no gap.')
    .option('--timeout <seconds>', `how long to wait for it (default: ${TIMEOUT_S})`, wholeNumber(1, 24 * 3600));
  onDatabase<CheckOptions>(command, terminal, run);
}

async function run(call: DatabaseCall<CheckOptions>): Promise<void> {
  const { options, config } = call;
  const { wal } = archiveFolders(options, config.backupDir);
  const segment = await withClient(call, async (client) => {
    await checkSettings(client);
    const finished = await finishedSegment(client);
    await untilArchived(call, client, join(wal, finished));
    return finished;
  });
  const archive = await archivedSegments(wal);
  const gap = await gapIn(wal, archive);
  if (gap !== undefined) {
    const cure = 'moments after it can only be had from a base backup made now: express-runbook backup base';
    throw new CommandError(visible(`the WAL archive ${wal} has a gap: ${gap} is missing; ${cure}`), EXIT.findings);
  }
  const [oldest] = archive;
  const text = visible(`${segment} is in ${wal}, which has every segment from ${String(oldest)} on`);
  return printResult(call, { archive: wal, oldest, newest: archive.at(-1), segments: archive.length }, text);
}

async function checkSettings(client: Client): Promise<void> {
  const { rows } = await client.query<{ mode: string; level: string }>(
    `SELECT current_setting('archive_mode') AS mode, current_setting('wal_level') AS level`,
  );
  const { mode = '', level = '' } = rows[0] ?? {};
  if (mode !== 'off' && level !== 'minimal') return;
  const cure = 'backup pitr settings prints what postgresql.conf needs; then restart the server';
  throw new CommandError(
    `the server does not archive its WAL (archive_mode ${mode}, wal_level ${level}): ${cure}`,
    EXIT.findings,
  );
}

/** A switch without anything to write does nothing; a restore point is something. */
async function finishedSegment(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT pg_walfile_name(pg_create_restore_point('express-runbook backup pitr check')) AS name`,
  );
  await client.query('SELECT pg_switch_wal()');
  return rows[0]?.name ?? '';
}

async function untilArchived(call: DatabaseCall<CheckOptions>, client: Client, path: string): Promise<void> {
  const before = await archiverOf(client);
  const until = performance.now() + (call.options.timeout ?? TIMEOUT_S) * 1000;
  for (;;) {
    if (await isFile(path)) return;
    const { failed, failures } = await archiverOf(client);
    if (failures > before.failures) {
      const where = 'why is in the log of the server; mostly its account may not write there';
      throw new CommandError(visible(`archive_command fails for ${String(failed)}: ${where}`), EXIT.findings);
    }
    if (performance.now() > until) throw new CommandError(visible(`${path} did not come`), EXIT.findings);
    await sleep(LOOK_EVERY_MS, undefined, { signal: call.signal });
  }
}

async function archiverOf(client: Client): Promise<Archiver> {
  const { rows } = await client.query<Archiver>(
    'SELECT last_failed_wal AS failed, failed_count::int AS failures FROM pg_stat_archiver',
  );
  return rows[0] ?? { failed: null, failures: 0 };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
