import type { PoolClient } from 'pg';
import type { OpenTransaction } from './open-transaction.js';
import { hasNoAnswer } from './rollback.js';

/** A part of a transaction that can fail for itself. Takes back what `work` did when it throws, and throws the same error on. */
export async function withSavepoint<Result>(
  client: PoolClient,
  open: OpenTransaction,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const name = `runbook_${++open.savepoints}`;
  await client.query(`SAVEPOINT ${name}`);
  try {
    const result = await work(client);
    await client.query(`RELEASE SAVEPOINT ${name}`);
    return result;
  } catch (error) {
    await takeBack(client, open, name, error);
    throw error;
  }
}

async function takeBack(client: PoolClient, open: OpenTransaction, name: string, cause: unknown): Promise<void> {
  try {
    if (hasNoAnswer(cause)) throw cause;
    await client.query(`ROLLBACK TO SAVEPOINT ${name}; RELEASE SAVEPOINT ${name}`);
  } catch (error) {
    // The caller learns the first error. Should it be swallowed, half of the work would be committed: not so.
    open.brokenBy ??= error;
  }
}
