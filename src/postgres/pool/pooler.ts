import type { PoolConfig } from 'pg';
import type { TransactionLimits } from '../transactions/options.js';

/** What stands between the pool and the server, as far as settings of a session go: PgBouncer's `pool_mode`. */
export type Pooler = 'none' | 'session' | 'transaction';

export interface SessionLimits {
  readonly pooler: Pooler;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
}

/**
 * How the server learns the time limits of a session: as part of the start-up, which PgBouncer refuses ("unsupported startup
 * parameter"); by SET on every new connection; or not at all, because the next statement may be on another connection.
 */
export function sessionLimits(settings: SessionLimits): PoolConfig {
  const limits = said(settings);
  if (settings.pooler === 'transaction' || limits.length === 0) return {};
  if (settings.pooler === 'none') return Object.fromEntries(limits);
  const sql = limits.map(([name, ms]) => `SET ${name} = ${ms}`).join('; ');
  return {
    // pg-pool asks it before a new connection is given out.
    verify: (client, done) => {
      client.query(sql, (error) => {
        done(error);
      });
    },
  };
}

/** What each transaction has to say for itself, because its session cannot, or does not say it in the pool's own options. */
export function transactionLimits(settings: SessionLimits): TransactionLimits {
  if (settings.pooler === 'none') return {};
  const { statementTimeoutMs, lockTimeoutMs, idleInTransactionTimeoutMs } = settings;
  const limits = Object.entries({ statementTimeoutMs, lockTimeoutMs, idleInTransactionTimeoutMs });
  return Object.fromEntries(limits.filter(([, ms]) => ms !== 0));
}

/** 0 leaves a limit to the server's own setting. */
function said(settings: SessionLimits): [name: string, ms: number][] {
  return Object.entries({
    statement_timeout: settings.statementTimeoutMs,
    lock_timeout: settings.lockTimeoutMs,
    idle_in_transaction_session_timeout: settings.idleInTransactionTimeoutMs,
  }).filter(([, ms]) => ms !== 0);
}
