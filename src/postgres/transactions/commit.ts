import type { PoolClient } from 'pg';
import { PoolError } from '../pool/pool-error.js';
import type { OpenTransaction } from './open-transaction.js';

export async function commit(client: PoolClient, open: OpenTransaction): Promise<void> {
  if (open.brokenBy !== undefined) throw aborted('a savepoint could not be rolled back', open.brokenBy);
  // Older versions of pg do not tell.
  const status = (client as { getTransactionStatus?(): string | null }).getTransactionStatus?.();
  if (status === 'I')
    throw aborted('it was ended by a statement of its own; leave COMMIT and ROLLBACK to withTransaction');
  const { command } = await client.query('COMMIT').catch((error: unknown) => {
    throw isAnswer(error) ? error : inDoubt(error);
  });
  if (command === 'COMMIT') return;
  throw aborted('a statement failed and its error was caught; let it through, or use a savepoint');
}

/** The server refused, and has rolled back. What it says when it goes down or breaks comes before or after the COMMIT was done. */
function isAnswer(error: unknown): boolean {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return false;
  return !/^(?:57P|08|58|XX)/.test(String(error.code));
}

function inDoubt(cause: unknown): PoolError {
  const message =
    'the connection was lost under COMMIT: the transaction may be committed or not; look before doing it again';
  return new PoolError('ERR_TRANSACTION_IN_DOUBT', message, { cause });
}

function aborted(why: string, cause?: unknown): PoolError {
  const message = `the transaction was rolled back instead of committed: ${why}`;
  return new PoolError('ERR_TRANSACTION_ABORTED', message, cause === undefined ? undefined : { cause });
}
