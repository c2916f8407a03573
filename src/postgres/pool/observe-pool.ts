import type {
  Pool,
  PoolClient,
  QueryArrayConfig,
  QueryArrayResult,
  QueryConfig,
  QueryResult,
  QueryResultRow,
} from 'pg';
import { ConfigError } from '../../core/config-error.js';
import { nameConnections } from '../queries/application-name.js';
import { observeQueries, type QueryHooks } from '../queries/observed-query.js';
import { answerPoolQueries } from '../queries/pool-query.js';
import { createQueryReport } from '../queries/query-report.js';
import { addServerMetrics } from '../server/server-metrics.js';
import { observeTransactions } from '../transactions/pool-transactions.js';
import { trackCheckouts, type Checkouts } from './checkouts.js';
import { createClose, type CloseOptions } from './close.js';
import { unlessLost } from './connection-loss.js';
import { careForConnections } from './connection-care.js';
import { createConnectionReport } from './connection-report.js';
import { resolveObserveOptions, type ObserveOptions, type ObserveSettings } from './observe-options.js';
import { PoolError } from './pool-error.js';
import { createPoolMetrics } from './pool-metrics.js';

/** What every result carries. */
export interface Timed {
  /** Milliseconds from asking to answer. */
  readonly duration: number;
}

/** Emitted as `query` for every finished query; parameters are left out on purpose. */
export interface QueryEvent {
  readonly text: string;
  /** Of a named query. */
  readonly name: string | undefined;
  readonly durationMs: number;
}

/** A query with its name for metrics, log and the event `query`. */
export interface NamedQuery extends QueryConfig {
  /**
   * Fixed in the program, and one of few: after the hundredth all others are `__other__` in the metrics. Left out, `name`
   * serves, which prepares the statement as well.
   */
  queryName?: string;
}

/** @inline */
interface TimedQuery {
  <Row extends unknown[] = unknown[]>(
    config: QueryArrayConfig,
    values?: unknown[],
  ): Promise<QueryArrayResult<Row> & Timed>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as pg: rows of unknown shape are the caller's to type
  <Row extends QueryResultRow = any>(text: string | NamedQuery, values?: unknown[]): Promise<QueryResult<Row> & Timed>;
}

/** A `pg.Pool` in every respect, and observed. */
export interface ObservedPool extends Pool {
  query: TimedQuery & Pool['query'];
  on(event: 'query', listener: (query: QueryEvent) => void): this;
  on(event: 'error' | 'release', listener: (error: Error, client: PoolClient) => void): this;
  on(event: 'connect' | 'acquire' | 'remove', listener: (client: PoolClient) => void): this;
  /**
   * Ends the pool within `timeoutMs`: nobody gets a connection any more (`ERR_POOL_CLOSED`), who has one may finish,
   * then connections are cut. Never rejects for what the database does; called again it returns the same promise.
   */
  close(options?: CloseOptions): Promise<void>;
}

const OBSERVED = Symbol.for('express-runbook.observed-pool.v0');

/**
 * Makes an existing `pg.Pool` safe and observed, and returns it: no lost connection ends the process, every query is
 * measured, slow ones are logged, `close()` keeps its time. A connection that breaks or cannot be made is a `PoolError`;
 * what the server says (an SQLSTATE) stays pg's error. Do it before the pool is used.
 *
 * Throws `ConfigError` for wrong options and for a pool that is observed already.
 */
export function observePool(pool: Pool, options?: ObserveOptions): ObservedPool {
  const settings = resolveObserveOptions(options);
  if (OBSERVED in pool) {
    throw new ConfigError('ERR_OPTION_CONFLICT', 'observePool.pool', 'is observed already; observe a pool once');
  }
  const close = install(pool, settings);
  // Now it is one: pg's types know neither the event `query` nor `duration`, which install() has added.
  return Object.assign(pool, { close, [OBSERVED]: true }) as unknown as ObservedPool;
}

function install(pool: Pool, settings: ObserveSettings): ObservedPool['close'] {
  const { name, registry, context = nobody } = settings;
  const metrics = registry === undefined ? undefined : createPoolMetrics(registry, name, pool);
  const connections = createConnectionReport(pool, settings, metrics);
  const care = careForConnections(pool, settings, metrics);
  const finished = createQueryReport(pool, settings);
  const turn = (error: unknown): unknown => unlessLost(error, name);
  const queries: QueryHooks = {
    getContext: context,
    finished,
    turn,
    isCommented: settings.tagQueries === 'comment',
    ...(settings.tagQueries === 'application-name' ? { named: nameConnections(pool) } : {}),
  };
  observeTransactions(pool, settings);
  if (registry !== undefined && settings.serverMetrics) addServerMetrics(registry, pool, settings);
  const observed = new WeakSet<PoolClient>();
  const lost = (error: Error, client: PoolClient): void => {
    care.lost(client);
    connections.lost(error, client);
  };

  function observeClient(client: PoolClient): void {
    if (observed.has(client)) return;
    observed.add(client);
    // pg-pool listens to a client only while it is idle; unheard, the error of one in use would end the process.
    client.on('error', (error) => {
      if (checkouts.holds(client)) lost(error, client);
    });
    observeQueries(client, { ...queries, turn: (error) => care.failed(turn(error), client) });
  }

  pool.on('connect', observeClient);
  pool.on('error', lost);
  const checkouts: Checkouts = trackCheckouts(pool, {
    ...care,
    acquired(client, ...how) {
      // One that was connected before the pool was observed.
      observeClient(client);
      care.acquired(client, ...how);
    },
    refused: (error) => connections.refused(error),
    closed: () => new PoolError('ERR_POOL_CLOSED', `the database pool '${name}' is closed`),
  });
  answerPoolQueries(pool, checkouts.acquire, turn);
  return createClose(pool, checkouts, settings);
}

function nobody(): undefined {
  return undefined;
}
