import { hasMethods, isBoolean, isInteger, isOneOf, isTimeMs } from '../../core/checks.js';
import { resolveOptions, type Resolved } from '../../core/options.js';

/** https://www.postgresql.org/docs/current/transaction-iso.html; PostgreSQL takes `read uncommitted` for `read committed`. */
export type IsolationLevel = 'read committed' | 'repeatable read' | 'serializable';

/** Time limits that the server keeps, for one transaction: by `SET LOCAL`, so that they hold behind any pooler. */
export interface TransactionLimits {
  /** Milliseconds after which the server cancels a statement (error 57014); 0 is none. Left out, the pool's own holds. */
  statementTimeoutMs?: number;
  /** Milliseconds that a statement waits for a lock (error 55P03); 0 is none. Left out, the pool's own holds. */
  lockTimeoutMs?: number;
  /**
   * Milliseconds that the server waits for the next statement before it closes the connection (error 25P03); 0 is none.
   * Left out, the pool's own holds.
   */
  idleInTransactionTimeoutMs?: number;
}

export interface TransactionOptions extends TransactionLimits {
  /** Left out, the database's own default holds, which is `read committed` unless somebody changed it. */
  isolation?: IsolationLevel;
  /**
   * Whether the server refuses to write (error 25006).
   * @default false
   */
  readOnly?: boolean;
  /**
   * How often the work may be done at most when it ends in a serialization failure (40001) or a deadlock (40P01): the
   * server has rolled everything back then. 1 never repeats.
   * @default 3
   */
  maxAttempts?: number;
  /**
   * Milliseconds after the first attempt began in which another one may begin.
   * @default 5000
   */
  retryTimeoutMs?: number;
  /**
   * Milliseconds that one attempt may take until its COMMIT; then the connection is closed, the server rolls back, and
   * the error is `ERR_TRANSACTION_TIMEOUT`. A statement that still runs is ended by the server a second later. 0 is none.
   * @default 0
   */
  timeoutMs?: number;
  /**
   * Aborts the transaction until its COMMIT, and the pauses between attempts: the connection is closed and the server rolls
   * back, though a statement that runs just then may go on until it is done or reaches its own limit.
   */
  signal?: AbortSignal;
}

export const TRANSACTION_DEFAULTS = Object.freeze({
  readOnly: false,
  maxAttempts: 3,
  retryTimeoutMs: 5000,
  timeoutMs: 0,
});

export type TransactionSettings = Resolved<TransactionOptions, typeof TRANSACTION_DEFAULTS>;

const ISOLATION_LEVELS: readonly IsolationLevel[] = ['read committed', 'repeatable read', 'serializable'];

export function resolveTransactionOptions(options?: TransactionOptions): TransactionSettings {
  return resolveOptions('withTransaction', options, TRANSACTION_DEFAULTS, {
    isolation: isOneOf(ISOLATION_LEVELS),
    readOnly: isBoolean,
    maxAttempts: isInteger(1),
    retryTimeoutMs: isTimeMs(0),
    timeoutMs: isTimeMs(0),
    statementTimeoutMs: isTimeMs(0),
    lockTimeoutMs: isTimeMs(0),
    idleInTransactionTimeoutMs: isTimeMs(0),
    signal: hasMethods('addEventListener', 'throwIfAborted'),
  });
}
