import type { Pool } from 'pg';
import type { Gauge, Registry } from 'prom-client';
import { hasMethods, isRegistry, isText } from '../core/checks.js';
import { TIMED_OUT, withDeadline } from '../core/deadline.js';
import { requireOption, resolveOptions } from '../core/options.js';
import { gauge } from '../instruments/instruments.js';
import { isTableName } from './options.js';

/** A scrape waits no longer for the database; the gauges show nothing then. */
const READ_MS = 2000;

export interface ObserveQueueOptions {
  /** Any `pg.Pool` on the database of the table. Required. */
  pool: Pool;
  /** Where it is shown. Required. */
  registry: Registry;
  /** A table with the columns `status` and `created_at`, e.g. `events`. Required. */
  table: string;
  /** The gauge of the rows whose status is `pending`, e.g. `event_queue_size`. Required. */
  depthMetric: string;
  /** The gauge of the seconds since the oldest of them was written, e.g. `event_queue_oldest_age_seconds`. Required. */
  ageMetric: string;
}

/**
 * Shows how long a queue is that is a table: what `SELECT COUNT(*) … WHERE status = 'pending'` says at the moment of the scrape.
 * All instances show the same rows: take the highest and not the sum. A database that does not answer leaves the gauges out.
 *
 * @example
 * observeQueue({ pool, registry, table: 'events', depthMetric: 'event_queue_size', ageMetric: 'event_queue_oldest_age_seconds' });
 */
export function observeQueue(options: ObserveQueueOptions): void {
  const settings = resolveOptions(
    'observeQueue',
    options,
    {},
    {
      pool: hasMethods('query'),
      registry: isRegistry,
      table: isTableName,
      depthMetric: isText,
      ageMetric: isText,
    },
  );
  for (const name of ['pool', 'registry', 'table', 'depthMetric', 'ageMetric'] as const) {
    requireOption('observeQueue', name, settings[name], 'see its documentation');
  }
  const { pool, registry, table, depthMetric, ageMetric } = settings;
  showReadings(
    registry,
    pool,
    `SELECT count(*) AS depth, COALESCE(EXTRACT(EPOCH FROM now() - min(created_at)), 0) AS age FROM ${table} WHERE status = 'pending'`,
    [
      { name: depthMetric, help: `Rows of ${table} whose status is pending.`, column: 'depth' },
      { name: ageMetric, help: `Seconds since the oldest pending row of ${table} was written.`, column: 'age' },
    ],
  );
}

interface Reading {
  readonly name: string;
  readonly help: string;
  /** Of the query's one row. */
  readonly column: string;
}

type Row = Readonly<Record<string, string>>;

const SOURCE = Symbol.for('express-runbook.queue-reading.v0');

/** Kept on the metric itself: a queue that is observed again, with a new pool, is read through that one. */
interface WithSource {
  [SOURCE]?: () => Promise<Row | undefined>;
}

/** Gauges of one query, which runs once per scrape for all of them. */
export function showReadings(registry: Registry, pool: Pool, sql: string, readings: readonly Reading[]): void {
  let running: Promise<Row | undefined> | undefined;
  const read = (): Promise<Row | undefined> =>
    (running ??= rowOf(pool, sql).finally(() => {
      running = undefined;
    }));
  for (const { name, help, column } of readings) {
    const shown: Gauge & WithSource = gauge(registry, {
      name,
      help,
      // The workers of a cluster see the same rows.
      aggregator: 'max',
      async collect(this: Gauge & WithSource) {
        const row = await this[SOURCE]?.();
        if (row === undefined) this.remove();
        else this.set(Number(row[column]));
      },
    });
    shown[SOURCE] = read;
  }
}

/** Nothing when the database does not answer: a number that is no longer true would be worse than none. */
async function rowOf(pool: Pool, sql: string): Promise<Row | undefined> {
  try {
    const answer = await withDeadline(pool.query<Row>(sql), READ_MS, () => undefined);
    return answer === TIMED_OUT ? undefined : answer.rows[0];
  } catch {
    // The pool's own check and metrics tell that it is away.
    return undefined;
  }
}
