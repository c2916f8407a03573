import type { ConnectionOptions } from 'node:tls';
import { either, isBoolean, isFunction, isInteger, isObject, isOneOf, isText, isTimeMs } from '../../core/checks.js';
import { ConfigError } from '../../core/config-error.js';
import { MAX_TIMER_MS } from '../../core/deadline.js';
import { resolveOptions, type Resolved } from '../../core/options.js';
import { isConnectionString } from './connection-string.js';
import type { Pooler } from './pooler.js';
import { OBSERVE_CHECKS, OBSERVE_DEFAULTS, type ObserveOptions } from './observe-options.js';

export interface PoolOptions extends ObserveOptions {
  /** `postgres://user:password@host:5432/database`; instead of host, port, database, user and password. */
  connectionString?: string;
  /** Left out, pg's own defaults hold: `PGHOST`, else localhost. */
  host?: string;
  /** Left out, `PGPORT`, else 5432. */
  port?: number;
  /** Left out, `PGDATABASE`, else the name of the user. */
  database?: string;
  /** Left out, `PGUSER`, else the account that runs the process. */
  user?: string;
  /** A function is asked anew for every connection, e.g. for a short-lived token. */
  password?: string | (() => string | Promise<string>);
  /** `true` or TLS options. A server without TLS refuses the connection with a message that says so. */
  ssl?: boolean | ConnectionOptions;
  /**
   * Connections at most. All pools of all replicas together must stay below the server's `max_connections`.
   * @default 10
   */
  max?: number;
  /**
   * Connections that are opened at once, kept when idle and replaced when lost.
   * @default 0
   */
  min?: number;
  /**
   * Milliseconds until an idle connection above `min` is closed; 0 keeps it.
   * @default 10000
   */
  idleTimeoutMs?: number;
  /**
   * Milliseconds a caller waits for a connection, new or returned. There is no "for ever".
   * @default 2000
   */
  connectionTimeoutMs?: number;
  /**
   * Milliseconds after which the server cancels a statement (error 57014); 0 leaves it to the server's own setting.
   * @default 30000
   */
  statementTimeoutMs?: number;
  /**
   * Milliseconds after which a query is given up on our side: the only bound when the server is frozen or unreachable,
   * so it should be above `statementTimeoutMs`; 0 is none.
   * @default `statementTimeoutMs` + 1000, or none when that is 0
   */
  queryTimeoutMs?: number;
  /**
   * Milliseconds after which the server gives up waiting for a lock (error 55P03), so that one table that is locked does
   * not take the whole pool; 0 leaves it to the server's own setting.
   * @default 10000
   */
  lockTimeoutMs?: number;
  /**
   * Milliseconds after which the server ends a connection that began a transaction and asks nothing (error 25P03): its
   * locks are in everybody's way; 0 leaves it to the server's own setting.
   * @default 60000
   */
  idleInTransactionTimeoutMs?: number;
  /**
   * What stands between this pool and the server: PgBouncer, or a pooler like it, refuses time limits at start-up.
   * `'session'` sets statement, lock and idle-in-transaction limits on every new connection instead. `'transaction'` sets
   * them in every `withTransaction`, by SET LOCAL; a query outside of one is bounded by `queryTimeoutMs` alone.
   * @default 'none'
   */
  pooler?: Pooler;
  /**
   * Seconds after which a connection is replaced when it is next idle, so that a failover or a new DNS answer is noticed;
   * each lives up to a tenth shorter, so that not all end at once. 0 is never.
   * @default 1800
   */
  maxLifetimeSeconds?: number;
  /**
   * `application_name`, by which `pg_stat_activity` shows whose connections these are. One in the connection string wins.
   * @default 'express-runbook'
   */
  applicationName?: string;
}

export const POOL_DEFAULTS = Object.freeze({
  max: 10,
  min: 0,
  idleTimeoutMs: 10000,
  connectionTimeoutMs: 2000,
  statementTimeoutMs: 30000,
  lockTimeoutMs: 10000,
  idleInTransactionTimeoutMs: 60000,
  maxLifetimeSeconds: 1800,
  applicationName: 'express-runbook',
  pooler: 'none',
});

type Defaults = typeof OBSERVE_DEFAULTS & typeof POOL_DEFAULTS;

export type PoolSettings = Resolved<PoolOptions, Defaults> & { readonly queryTimeoutMs: number };

const ADDRESS = ['host', 'port', 'database', 'user', 'password'] as const;
const QUERY_TIMEOUT_MARGIN_MS = 1000;

export function resolvePoolOptions(options?: PoolOptions): PoolSettings {
  const defaults: Defaults = { ...OBSERVE_DEFAULTS, ...POOL_DEFAULTS };
  const settings = resolveOptions('createPool', options, defaults, {
    ...OBSERVE_CHECKS,
    connectionString: isConnectionString,
    host: isText,
    port: isInteger(1, 65535),
    database: isText,
    user: isText,
    password: either((value) => (typeof value === 'string' ? undefined : 'must be a string'), isFunction),
    ssl: either(isBoolean, isObject),
    max: isInteger(1),
    min: isInteger(0),
    idleTimeoutMs: isTimeMs(0),
    connectionTimeoutMs: isTimeMs(1),
    statementTimeoutMs: isTimeMs(0),
    queryTimeoutMs: isTimeMs(0),
    lockTimeoutMs: isTimeMs(0),
    idleInTransactionTimeoutMs: isTimeMs(0),
    maxLifetimeSeconds: isInteger(0, Math.floor(MAX_TIMER_MS / 1000)),
    applicationName: isText,
    pooler: isOneOf(['none', 'session', 'transaction']),
  });
  refuseConflicts(settings);
  return { ...settings, queryTimeoutMs: settings.queryTimeoutMs ?? queryTimeoutFor(settings.statementTimeoutMs) };
}

function queryTimeoutFor(statementTimeoutMs: number): number {
  return statementTimeoutMs === 0 ? 0 : Math.min(statementTimeoutMs + QUERY_TIMEOUT_MARGIN_MS, MAX_TIMER_MS);
}

function refuseConflicts(settings: PoolOptions & { min: number; max: number }): void {
  if (settings.min > settings.max) {
    const problem = `must not be above max, got min ${settings.min} and max ${settings.max}`;
    throw new ConfigError('ERR_OPTION_CONFLICT', 'createPool.min', problem);
  }
  const twice = ADDRESS.filter((name) => settings[name] !== undefined);
  if (settings.connectionString !== undefined && twice.length > 0) {
    const problem = `already says where the database is; leave out ${twice.join(', ')}`;
    throw new ConfigError('ERR_OPTION_CONFLICT', 'createPool.connectionString', problem);
  }
}
