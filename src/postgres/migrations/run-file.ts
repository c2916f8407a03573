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
    await remember();
    if (mode === 'wrapped') await client.query('COMMIT');
  } catch (error) {
    // Leaves our transaction or the file's own; a connection that is lost has left it already.
    if (mode !== 'none') await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
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
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError('ERR_MIGRATION_FAILED', `${path}${line} failed: ${reason}`, { cause: error });
  }
}

function lineOf(sql: string, at: number): number {
  return sql.slice(0, at).split('\n').length;
}
