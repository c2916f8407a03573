import type { Server } from 'node:http';
import { createOps, getContext, type Logger, type Ops } from 'express-runbook';
import { observeRedis } from 'express-runbook/cache';
import { createPool, waitForDatabase, type ObservedPool } from 'express-runbook/postgres';
import type { Redis } from 'ioredis';
import { createApp } from './app.js';
import { authSecrets } from './auth/tokens.js';
import { dependencyChecks } from './dependency-checks.js';
import { createServiceJobs } from './jobs/service-jobs.js';
import { createRedis, watchRedis } from './redis.js';
import { packageVersion } from './root.js';
import type { Settings } from './settings.js';

/** The wired pieces, and what else several of them share. */
export interface Service {
  readonly ops: Ops;
  readonly redis: Redis | undefined;
}

export function createService({ config, profile }: Settings): Service {
  const redis = createRedis(config);
  const checks = dependencyChecks(config);
  const ops = createOps({ service: profile.service, version: packageVersion(), config, checks, redis });
  if (redis !== undefined) {
    watchRedis(redis, ops.logger);
    observeRedis({ redis, registry: ops.metrics.registry, logger: ops.logger });
  }
  return { ops, redis };
}

/** Builds the service and listens. A database that is away delays nothing: readiness tells. */
export async function start(settings: Settings, { ops, redis } = createService(settings)): Promise<Server> {
  const { config, profile } = settings;
  for (const warning of config.warnings) ops.logger.warn({}, warning);
  const secrets = authSecrets(config, ops.logger);
  const pool = createServicePool(settings, ops);
  ops.addPool(pool);
  const jobs = createServiceJobs(settings, ops, pool);
  const app = createApp({ ops, pool, redis, jobs, config, secrets, name: profile.service, version: packageVersion() });
  const server = await ops.listen(app);
  void announceDatabase(pool, ops.logger);
  if (config.jobsConcurrency > 0) jobs.start();
  return server;
}

export function createServicePool({ config, profile }: Settings, { logger, metrics }: Ops): ObservedPool {
  const { database, log } = config;
  return createPool({
    connectionString: database.url,
    ssl: database.ssl,
    max: database.poolMax,
    min: database.poolMin,
    idleTimeoutMs: database.idleTimeoutMs,
    connectionTimeoutMs: database.connectionTimeoutMs,
    statementTimeoutMs: database.statementTimeoutMs,
    pooler: database.pooler,
    tagQueries: database.tagQueries,
    leakThresholdMs: database.leakThresholdMs,
    applicationName: profile.service,
    slowQueryThresholdMs: log.slowQueryThresholdMs,
    logQueries: database.logging,
    serverMetrics: true,
    logger,
    registry: metrics.registry,
    context: getContext,
  });
}

/** Says in the log whether the database answers. */
async function announceDatabase(pool: ObservedPool, logger: Logger): Promise<void> {
  try {
    await waitForDatabase(pool, { logger });
  } catch (error) {
    logger.error({ error }, 'The database does not answer; readiness stays 503 until it does');
  }
}
