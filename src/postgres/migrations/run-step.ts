import type { Client } from 'pg';
import { resetSession } from './migration-client.js';
import { MigrationError, migrationFailure } from './migration-error.js';
import type { Step } from './migration-files.js';
import { moduleWork } from './module-work.js';
import { sqlWork } from './sql-work.js';

/** Runs one step and then `remember`: together in one transaction, unless the step brings its own or wants none. */
export async function runStep(
  client: Client,
  step: Step,
  remember: () => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const { path, mode, run } = 'sql' in step ? sqlWork(client, step, signal) : await moduleWork(client, step);
  await resetSession(client);
  try {
    if (mode === 'wrapped') await client.query('BEGIN');
    const began = await transactionTime(client);
    await run();
    if (mode !== 'wrapped') await refuseOpenTransaction(client, path);
    else if ((await transactionTime(client)) !== began) throw endedTransaction(path);
    await resetSession(client);
    await remember();
    if (mode === 'wrapped') await client.query('COMMIT');
  } catch (error) {
    // Leaves our transaction or the file's own; a connection that is lost has left it already, and one of a file that
    // wants none is closed next.
    if (mode !== 'none') await client.query('ROLLBACK').catch(() => undefined);
    throw error instanceof MigrationError ? error : migrationFailure(path, error);
  }
}

/** The record would be written into it, and be lost with everything else when the connection is closed. */
async function refuseOpenTransaction(client: Client, path: string): Promise<void> {
  if ((await transactionTime(client)) !== (await transactionTime(client))) return;
  const cure = 'end it with COMMIT, or leave out its BEGIN: a migration without one runs in a transaction';
  throw new MigrationError('ERR_MIGRATION_FAILED', `${path} leaves its transaction open; ${cure}`);
}

/** A module that commits by itself breaks the promise that it and its record are kept together. */
function endedTransaction(path: string): MigrationError {
  const cure = 'leave out its COMMIT or ROLLBACK, or export transaction = false; what it committed stays';
  return new MigrationError('ERR_MIGRATION_FAILED', `${path} ended the transaction that it runs in; ${cure}`);
}

/** When the transaction began: the same from one query to the next only inside of one. */
async function transactionTime(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ time: string }>('SELECT extract(epoch FROM now())::text AS time');
  return rows[0]?.time;
}
