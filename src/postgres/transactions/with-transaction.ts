import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { ConfigError } from '../../core/config-error.js';
import { beginText } from './begin.js';
import { commit } from './commit.js';
import { Interruption, interruptible } from './interruptible.js';
import { openTransactionOf, setOpenTransaction, type OpenTransaction } from './open-transaction.js';
import { resolveTransactionOptions, type TransactionOptions, type TransactionSettings } from './options.js';
import { transactionsOf, type PoolTransactions } from './pool-transactions.js';
import { isRepeatable, pauseMs } from './retries.js';
import { hasNoAnswer, rollback } from './rollback.js';
import { withSavepoint } from './savepoint.js';

/**
 * Runs `work` between BEGIN and COMMIT on one client; when it throws, rolls back and throws the same error on. The client
 * is released exactly once, and closed instead of reused when it could not be brought out of the transaction.
 *
 * **`work` may run more than once**: a serialization failure or a deadlock (40001, 40P01) is tried again up to
 * `maxAttempts` times, with random pauses, and not more often than there are committed transactions. Whatever it does
 * beside the database belongs after the transaction. A COMMIT that got no answer is never repeated.
 *
 * Given the client of an open transaction it makes a savepoint: what `work` did is taken back when it throws, and the
 * transaction goes on if the error is caught. Such parts run one after another, and take no options.
 *
 * Rejects with `PoolError`: `ERR_TRANSACTION_ABORTED` when a failed statement's error was swallowed, so that Postgres
 * answers COMMIT with a rollback; `ERR_TRANSACTION_IN_DOUBT` when COMMIT had no answer; `ERR_TRANSACTION_TIMEOUT`.
 *
 * @example
 * await withTransaction(pool, async (client) => {
 *   await client.query('update accounts set balance = balance - $1 where id = $2', [amount, from]);
 *   await client.query('update accounts set balance = balance + $1 where id = $2', [amount, to]);
 * }, { isolation: 'serializable' });
 */
export async function withTransaction<Result>(
  on: Pool | PoolClient,
  work: (client: PoolClient) => Promise<Result>,
  options?: TransactionOptions,
): Promise<Result> {
  if (isPool(on)) return repeated(on, work, resolveTransactionOptions(options));
  const open = openTransactionOf(on);
  if (open === undefined)
    throw conflict('client', 'has no open transaction; give the pool, or the client that `work` got');
  if (options !== undefined) throw conflict('options', 'belong to the outermost transaction; a savepoint has none');
  return withSavepoint(on, open, work);
}

async function repeated<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
  settings: TransactionSettings,
): Promise<Result> {
  const transactions = transactionsOf(pool);
  const lastStartAt = performance.now() + settings.retryTimeoutMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(pool, work, settings, transactions);
    } catch (error) {
      if (!isRepeatable(error) || attempt >= settings.maxAttempts) throw error;
      const pause = pauseMs(attempt);
      if (performance.now() + pause > lastStartAt || !transactions.retries.take()) throw error;
      transactions.repeated();
      // Aborted, the pause ends at once; the next attempt throws the signal's own reason.
      await sleep(pause, undefined, { signal: settings.signal }).catch(() => undefined);
    }
  }
}

async function attemptOnce<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
  settings: TransactionSettings,
  transactions: PoolTransactions,
): Promise<Result> {
  settings.signal?.throwIfAborted();
  const client = await pool.connect();
  const open: OpenTransaction = { savepoints: 0, brokenBy: undefined };
  let isClean = false;
  try {
    const result = await interruptible(async () => {
      await client.query(beginText(settings, transactions.limits, sessionTimeoutMs(pool)));
      setOpenTransaction(client, open);
      return work(client);
    }, settings);
    await commit(client, open);
    isClean = true;
    transactions.retries.earn();
    transactions.ended('commit');
    return result;
  } catch (error) {
    transactions.ended(isInDoubt(error) ? 'in_doubt' : 'rollback');
    // An interrupted work may still use the client: closed, it can do no harm to whoever would get it next.
    const isLeft = error instanceof Interruption || hasNoAnswer(error) || isInDoubt(error);
    isClean = !isLeft && (await rollback(client, transactions.rollbackFailed));
    throw error instanceof Interruption ? error.reason : error;
  } finally {
    setOpenTransaction(client, undefined);
    client.release(!isClean);
  }
}

/** Of `statement_timeout`; 0 when the pool does not set it. */
function sessionTimeoutMs(pool: Pool): number {
  const { statement_timeout: timeoutMs } = pool.options;
  return typeof timeoutMs === 'number' ? timeoutMs : 0;
}

function isPool(on: Pool | PoolClient): on is Pool {
  return 'totalCount' in on;
}

function isInDoubt(error: unknown): boolean {
  return error instanceof Error && (error as { code?: string }).code === 'ERR_TRANSACTION_IN_DOUBT';
}

function conflict(what: string, problem: string): ConfigError {
  return new ConfigError('ERR_OPTION_CONFLICT', `withTransaction.${what}`, problem);
}
