import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import {
  hasMethods,
  isBoolean,
  isFunction,
  isInteger,
  isLogger,
  isObject,
  isRegistry,
  isText,
  isTimeMs,
} from '../core/checks.js';
import { ConfigError } from '../core/config-error.js';
import type { ContextFields, GetContext } from '../core/context.js';
import { SILENT_LOGGER, type Logger } from '../core/logger.js';
import { requireOption, resolveOptions, type OptionCheck, type Resolved } from '../core/options.js';
import { resolveJobType, type JobType, type JobTypes } from './job-type.js';

export interface JobsOptions<Types extends JobTypes> {
  /**
   * Connections for jobs alone, beside the pool that requests use, with a `max` of `concurrency` and two more: one listens for
   * new jobs as long as work is looked for, so it needs no leak detection. Behind PgBouncer in transaction mode nobody is told of
   * new jobs: they are found after `pollMs`, and `preparedStatements` must be `false`. It is closed by who made it, after `close()`. Required.
   */
  pool: Pool;
  /** What jobs there are, by the `job_type` of the table. Required. */
  types: Types;
  /**
   * The table that says how every job stands; docs/guides/jobs.md has its columns.
   * @default 'jobs'
   */
  table?: string;
  /**
   * Jobs that this process works on at the same time.
   * @default 4
   */
  concurrency?: number;
  /**
   * Milliseconds after which work is looked for when no notification came: of jobs whose time has come, and when it was lost.
   * @default 2000
   */
  pollMs?: number;
  /**
   * Whether the queue's statements are prepared once for each connection. `false` behind PgBouncer in transaction mode, where the next
   * transaction may have a connection on which nothing is prepared.
   * @default true
   */
  preparedStatements?: boolean;
  /**
   * Milliseconds within which a running job gives a sign of life; when its worker died, another takes it up after twice as
   * long at most. Work that blocks the event loop for longer looks dead: raise this for it.
   * @default 10000
   */
  heartbeatMs?: number;
  /**
   * Milliseconds that `close()` waits for running jobs; what is not finished then goes back to pending.
   * @default 4000
   */
  drainMs?: number;
  /**
   * Bytes of JSON that a payload, or a result, has at most.
   * @default 1048576
   */
  maxPayloadBytes?: number;
  /** Aborted when no new work is to be begun, e.g. at the start of a shutdown; `close()` still has to be called. */
  signal?: AbortSignal;
  /** Who is asking, where a job is created: kept with it. `getContext` fits. */
  context?: GetContext;
  /** Runs the handler, and logs what becomes of the job, in the context that was kept. `runWithContext` fits. */
  runWithContext?: <Result>(fields: ContextFields, work: () => Result) => Result;
  /**
   * Told of every job when it is created, started, completed, tried again and failed.
   * @default no logger
   */
  logger?: Logger;
  /**
   * Where `job_queue_depth` and its like are shown.
   * @default nowhere
   */
  registry?: Registry;
}

export const JOBS_DEFAULTS = Object.freeze({
  table: 'jobs',
  concurrency: 4,
  pollMs: 2000,
  preparedStatements: true,
  heartbeatMs: 10_000,
  drainMs: 4000,
  maxPayloadBytes: 1_048_576,
  logger: SILENT_LOGGER,
});

type Settled = Resolved<JobsOptions<JobTypes>, typeof JOBS_DEFAULTS>;

export interface JobsSettings extends Omit<Settled, 'types' | 'runWithContext'> {
  readonly types: ReadonlyMap<string, JobType>;
  readonly runWithContext: NonNullable<Settled['runWithContext']>;
}

export function resolveJobsOptions(options: JobsOptions<JobTypes>): JobsSettings {
  const settings = resolveOptions('createJobs', options, JOBS_DEFAULTS, {
    pool: hasMethods('query', 'connect', 'on'),
    types: isObject,
    table: isTableName,
    concurrency: isInteger(1, 1000),
    pollMs: isTimeMs(10),
    preparedStatements: isBoolean,
    heartbeatMs: isTimeMs(10),
    drainMs: isTimeMs(0),
    maxPayloadBytes: isInteger(2),
    signal: hasMethods('addEventListener'),
    context: isFunction,
    runWithContext: isFunction,
    logger: isLogger,
    registry: isRegistry,
  });
  requireOption('createJobs', 'pool', settings.pool, 'a pg.Pool for jobs alone, e.g. createPool({ max: 4 })');
  requireOption('createJobs', 'types', settings.types, 'the handlers by name, e.g. { invoice: { run: sendInvoice } }');
  const types = new Map(Object.entries(settings.types).map(([name, type]) => [name, typeOf(name, type)]));
  return { ...settings, types, runWithContext: settings.runWithContext ?? ((_fields, work) => work()) };
}

function typeOf(name: string, options: unknown): JobType {
  const problem = isText(name) ?? isObject(options);
  if (problem !== undefined) throw new ConfigError('ERR_OPTION_INVALID', `createJobs.types.${name}`, problem);
  // What it lacks is told by the check of its options.
  return resolveJobType(name, options as JobTypes[string]);
}

/** It goes into SQL as it is. */
export const isTableName: OptionCheck = (value) =>
  typeof value === 'string' && /^[a-z_][a-z0-9_]{0,62}(\.[a-z_][a-z0-9_]{0,62})?$/.test(value)
    ? undefined
    : 'must be the name of a table: small letters, digits and underscores, with its schema before a point if need be';
