import type { Pool, PoolClient } from 'pg';
import { PoolError } from '../pool/pool-error.js';

/**
 * Runs `work` between BEGIN and COMMIT on one client; when it throws, rolls back and throws the same error on. The client
 * is released exactly once, and closed instead of reused when it could not be brought out of the transaction.
 *
 * A failed statement whose error was swallowed makes Postgres answer COMMIT with a rollback: that is `ERR_TRANSACTION_ABORTED`.
 *
 * @example
 * await withTransaction(pool, async (client) => {
 *   await client.query('update accounts set balance = balance - $1 where id = $2', [amount, from]);
 *   await client.query('update accounts set balance = balance + $1 where id = $2', [amount, to]);
 * });
 */
export async function withTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let isClean = false;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await commit(client);
    isClean = true;
    return result;
  } catch (error) {
    isClean = await rollback(client, error);
    throw error;
  } finally {
    client.release(!isClean);
  }
}

async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command === 'COMMIT') return;
  const cure = 'a statement failed and its error was caught; let it through, or use a savepoint';
  throw new PoolError('ERR_TRANSACTION_ABORTED', `the transaction was rolled back instead of committed: ${cure}`);
}

/** Whether the client is fit for the next user. */
async function rollback(client: PoolClient, cause: unknown): Promise<boolean> {
  // The server has not answered the last statement: ROLLBACK would wait behind it as long again.
  if (cause instanceof Error && cause.message === 'Query read timeout') return false;
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    // The caller learns the first error; this client is closed, and that rolls back as well.
    return false;
  }
}
