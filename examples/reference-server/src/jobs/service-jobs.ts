import { getContext, runWithContext, type Ops } from 'express-runbook';
import { createJobs, observeQueue, type Jobs } from 'express-runbook/jobs';
import { createPool } from 'express-runbook/postgres';
import { languageJobs, type LanguageJobParts } from '../language/jobs.js';
import type { Settings } from '../settings.js';
import { analyse } from './analysis.js';

/** One connection listens for jobs, one looks after them. */
const BESIDE_THE_WORK = 2;

/** Nobody waits for what the queue asks of the database: its usual pauses do not belong among the slow queries of requests. */
const SLOW_QUEUE_QUERY_MS = 5000;

const typesOf = (parts: LanguageJobParts) => ({
  analysis: { run: (payload: { clientId: string }) => analyse(parts.pool, payload.clientId) },
  ...languageJobs(parts),
});

export type ServiceJobs = Jobs<ReturnType<typeof typesOf>>;

/** The jobs of this service, on connections of their own; the handlers use the service's pool. Shutdown drains them. */
export function createServiceJobs({ config, profile }: Settings, ops: Ops, parts: LanguageJobParts): ServiceJobs {
  const { logger, metrics, shutdown } = ops;
  const { registry } = metrics;
  const concurrency = Math.max(config.jobsConcurrency, 1);
  const own = createPool({
    name: 'jobs',
    connectionString: config.database.url,
    ssl: config.database.ssl,
    connectionTimeoutMs: config.database.connectionTimeoutMs,
    statementTimeoutMs: config.database.statementTimeoutMs,
    pooler: config.database.pooler,
    max: concurrency + BESIDE_THE_WORK,
    applicationName: `${profile.service}-jobs`,
    slowQueryThresholdMs: SLOW_QUEUE_QUERY_MS,
    logger,
    registry,
    context: getContext,
  });
  const jobs = createJobs({
    pool: own,
    types: typesOf(parts),
    concurrency,
    preparedStatements: config.database.pooler !== 'transaction',
    logger,
    registry,
    context: getContext,
    runWithContext,
  });
  observeQueue({
    pool: parts.pool,
    registry,
    table: 'events',
    depthMetric: 'event_queue_size',
    ageMetric: 'event_queue_oldest_age_seconds',
  });
  // Hooks run in reverse order: the jobs are drained while both pools are there.
  shutdown.add('job connections', () => own.close());
  shutdown.add('jobs', () => jobs.close(), { timeoutMs: 6000 });
  return jobs;
}
