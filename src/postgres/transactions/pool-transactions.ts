import type { Pool } from 'pg';
import { counter } from '../../instruments/instruments.js';
import type { ObserveSettings } from '../pool/observe-options.js';
import type { TransactionLimits } from './options.js';
import { createRetryBudget, type RetryBudget } from './retries.js';

type TransactionResult = 'commit' | 'rollback' | 'in_doubt';

/** What the transactions of one pool share. */
export interface PoolTransactions {
  /** Set in every transaction that says nothing else: behind a pooler that knows no sessions there is no other place. */
  limits: TransactionLimits;
  readonly retries: RetryBudget;
  /** How an attempt ended. */
  readonly ended: (result: TransactionResult) => void;
  readonly repeated: () => void;
  /** The connection was closed, which rolls back as well. */
  readonly rollbackFailed: (error: unknown) => void;
}

// On the pool itself, so that it lives as long as the pool and is one for every copy of this package.
const TRANSACTIONS = Symbol.for('express-runbook.transactions.v0');

interface WithTransactions extends Pool {
  [TRANSACTIONS]?: PoolTransactions;
}

export function transactionsOf(pool: Pool): PoolTransactions {
  return ((pool as WithTransactions)[TRANSACTIONS] ??= unobserved());
}

/** Counts and reports the transactions of an observed pool. */
export function observeTransactions(pool: Pool, settings: ObserveSettings): void {
  const { name, logger, registry } = settings;
  const results = registry && counter(registry, RESULTS);
  const repetitions = registry && counter(registry, REPETITIONS);
  // An alert on a rate needs the series to be there before the first event.
  for (const result of ['commit', 'rollback', 'in_doubt']) results?.inc({ pool: name, result }, 0);
  repetitions?.inc({ pool: name }, 0);

  (pool as WithTransactions)[TRANSACTIONS] = {
    limits: {},
    retries: createRetryBudget(),
    ended: (result) => results?.inc({ pool: name, result }),
    repeated: () => repetitions?.inc({ pool: name }),
    rollbackFailed: (error) => {
      const fields = { error: textOf(error), code: (error as { code?: unknown } | undefined)?.code, pool: name };
      logger.warn(fields, 'Database transaction could not be rolled back, its connection is closed');
    },
  };
}

const RESULTS = {
  name: 'db_transactions_total',
  help: 'Transactions of withTransaction by how they ended; in_doubt lost the connection under its COMMIT.',
  labelNames: ['pool', 'result'],
} as const;

const REPETITIONS = {
  name: 'db_transaction_retries_total',
  help: 'Transactions that were tried again after a serialization failure or a deadlock.',
  labelNames: ['pool'],
} as const;

function unobserved(): PoolTransactions {
  return {
    limits: {},
    retries: createRetryBudget(),
    ended: nothing,
    repeated: nothing,
    rollbackFailed: (error) => {
      process.emitWarning(`a transaction could not be rolled back, its connection is closed: ${textOf(error)}`);
    },
  };
}

function nothing(): void {
  // Nobody asked to be told.
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
