import type { Client } from 'pg';
import { resetSession } from './migration-client.js';
import { MigrationError } from './migration-error.js';
import { statementsOf, transactionModeOf } from './sql-statements.js';

/**
 * Runs one file and then `remember`: together in one transaction, unless the file brings its own or wants none. A file
 * that wants none runs statement by statement, because Postgres treats several in one message as a transaction.
 */
export async function runFile(
  client: Client,
  file: { readonly path: string; readonly sql: string },
  remember: () => Promise<void>,
): Promise<void> {
  await resetSession(client);
  const mode = transactionModeOf(file.sql);
  try {
    if (mode === 'wrapped') await client.query('BEGIN');
    if (mode === 'none') await runOneByOne(client, file);
    else await runText(client, file.path, file.sql, 0, file.sql);
    if (mode !== 'wrapped') await refuseOpenTransaction(client, file.path);
    await resetSession(client);
    await remember();
    if (mode === 'wrapped') await client.query('COMMIT');
  } catch (error) {
    // Leaves our transaction or the file's own; a connection that is lost has left it already, and one of a file that
    // wants none is closed next.
    if (mode !== 'none') await client.query('ROLLBACK').catch(() => undefined);
    throw error instanceof MigrationError ? error : failure(file.path, error);
  }
}

/** The record would be written into it, and be lost with everything else when the connection is closed. */
async function refuseOpenTransaction(client: Client, path: string): Promise<void> {
  // What is set until the end of the transaction is gone at once outside of one.
  await client.query("SELECT set_config('express_runbook.in_transaction', 'yes', true)");
  const { rows } = await client.query<{ isOpen: boolean }>(
    `SELECT current_setting('express_runbook.in_transaction', true) = 'yes' AS "isOpen"`,
  );
  if (rows[0]?.isOpen !== true) return;
  const cure = 'end it with COMMIT, or leave out its BEGIN: a file without one runs in a transaction';
  throw new MigrationError('ERR_MIGRATION_FAILED', `${path} leaves its transaction open; ${cure}`);
}

async function runOneByOne(client: Client, { path, sql }: { path: string; sql: string }): Promise<void> {
  for (const { text, startsAt } of statementsOf(sql)) await runText(client, path, text, startsAt, sql);
}

async function runText(client: Client, path: string, text: string, startsAt: number, sql: string): Promise<void> {
  try {
    await client.query(text);
  } catch (error) {
    const position = Number((error as { position?: string }).position ?? 0);
    const line = position > 0 || startsAt > 0 ? `:${lineOf(sql, startsAt + Math.max(0, position - 1))}` : '';
    throw failure(`${path}${line}`, error);
  }
}

function failure(place: string, error: unknown): MigrationError {
  const reason = error instanceof Error ? error.message : String(error);
  return new MigrationError('ERR_MIGRATION_FAILED', `${place} failed: ${reason}`, { cause: error });
}

function lineOf(sql: string, at: number): number {
  return sql.slice(0, at).split('\n').length;
}
