import type { Server } from 'node:http';
import { createOps, getContext, hasAccess, observeBackups, type Logger, type Ops } from 'express-runbook';
import { observeRedis } from 'express-runbook/cache';
import { createPool, waitForDatabase, type ObservedPool } from 'express-runbook/postgres';
import type { Redis } from 'ioredis';
import { createServiceAlerts } from './alerts/service-alerts.js';
import { createApp } from './app.js';
import { authSecrets } from './auth/secrets.js';
import { dependencyChecks } from './dependency-checks.js';
import { documentOf } from './docs/service-document.js';
import { createServiceEvents } from './events/service-events.js';
import { listenForOps, opsPages } from './ops-pages.js';
import { createRedis, watchRedis } from './redis.js';
import { packageVersion } from './root.js';
import type { Settings } from './settings.js';
import { createWork } from './work.js';

/** The wired pieces, and what else several of them share. */
export interface Service {
  readonly ops: Ops;
  readonly redis: Redis | undefined;
}

export function createService({ config, profile }: Settings): Service {
  const { token, networks } = config.ops;
  const redis = createRedis(config);
  const ops = createOps({
    service: profile.service,
    version: packageVersion(),
    config,
    redis,
    checks: dependencyChecks(config),
    console: true,
    // Where HEALTH_DETAILS is `authorised`: whoever has the token for what is not public.
    ...(token === undefined
      ? {}
      : { authoriseDetails: hasAccess({ token, ...(networks.length === 0 ? {} : { networks }) }) }),
  });
  if (redis !== undefined) {
    watchRedis(redis, ops.logger);
    observeRedis({ redis, registry: ops.metrics.registry, logger: ops.logger });
  }
  return { ops, redis };
}

/** Builds the service and listens. A database that is away delays nothing: readiness tells. */
export async function start(settings: Settings, { ops, redis } = createService(settings)): Promise<Server> {
  const { config, profile } = settings;
  // A signal while it starts closes what has been opened so far.
  ops.shutdown.install();
  for (const warning of config.warnings) ops.logger.warn({}, warning);
  const secrets = authSecrets(config, ops.logger);
  const pool = createServicePool(settings, ops);
  ops.addPool(pool);
  const alerts = createServiceAlerts(settings, ops, pool);
  observeBackups({ registry: ops.metrics.registry, dir: config.backupDir, database: config.database.name });
  const about = { name: profile.service, version: packageVersion() };
  const pages = opsPages(ops, pool, documentOf(settings), alerts);
  const { port: opsPort } = config.ops;
  if (opsPort !== undefined) await listenForOps(ops, opsPort, pages);
  const work = createWork(settings, { ops, pool, redis });
  const events = createServiceEvents(settings, { ops, pool, redis });
  const app = createApp({
    ...{ ops, pool, redis, work, events, secrets, ...about },
    ...(opsPort === undefined ? { pages } : {}),
  });
  const server = await ops.listen(app);
  void announceDatabase(pool, ops.logger);
  if (config.jobsConcurrency > 0) {
    work.jobs.start();
    events.start();
  }
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
