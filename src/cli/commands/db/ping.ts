import type { Command } from 'commander';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';

export function ping(group: Command, terminal: Terminal): void {
  const command = group.command('ping').description('Whether the database answers, by exit code.');
  onDatabase(command, terminal, answer);
}

async function answer(call: DatabaseCall): Promise<void> {
  const startedAt = performance.now();
  const { rows } = await call.pool.query<{ name: string; version: string }>(
    `SELECT current_database() AS name, current_setting('server_version') AS version`,
  );
  const { name = '', version = '' } = rows[0] ?? {};
  const ms = Math.round(performance.now() - startedAt);
  await printResult(call, { database: name, version, ms }, `database ${visible(name)} answers`);
}
