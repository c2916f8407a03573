import type { Server } from 'node:http';
import { createLogger, createMetrics, createOps, getContext, type Ops, type RunbookLogger } from 'express-runbook';
import { createPool, waitForDatabase, type ObservedPool } from 'express-runbook/postgres';
import { createApp } from './app.js';
import { authSecrets } from './auth/tokens.js';
import { packageVersion } from './root.js';
import { fromRoot, type Settings } from './settings.js';

export interface Running {
  readonly ops: Ops;
  readonly pool: ObservedPool;
  readonly server: Server;
}

export function createServiceLogger({ config, profile }: Settings): RunbookLogger {
  const { log } = config;
  return createLogger({
    service: profile.service,
    version: packageVersion(),
    environment: config.nodeEnv,
    level: log.level,
    format: log.format,
    dir: fromRoot(log.dir),
    includeTimestamp: log.includeTimestamp,
    includeHostname: log.includeHostname,
    redact: log.redactSensitive,
    context: getContext,
  });
}

/** Builds the service from its settings and listens. A database that is away delays nothing: readiness tells. */
export async function start(settings: Settings, logger = createServiceLogger(settings)): Promise<Running> {
  const { config, profile } = settings;
  for (const warning of config.warnings) logger.warn({}, warning);
  const secrets = authSecrets(config, logger);
  const metrics = createMetrics({ service: profile.service, version: packageVersion() });
  const pool = createServicePool(settings, logger, metrics.registry);
  const ops = createOps({ service: profile.service, version: packageVersion(), config, logger, metrics, pool });
  const app = createApp({ ops, pool, config, secrets, name: profile.service, version: packageVersion() });
  const server = await ops.listen(app);
  void announceDatabase(pool, logger);
  return { ops, pool, server };
}

function createServicePool({ config, profile }: Settings, logger: RunbookLogger, registry: Ops['metrics']['registry']): ObservedPool {
  const { database, log } = config;
  return createPool({
    connectionString: database.url,
    ssl: database.ssl,
    max: database.poolMax,
    min: database.poolMin,
    idleTimeoutMs: database.idleTimeoutMs,
    connectionTimeoutMs: database.connectionTimeoutMs,
    statementTimeoutMs: database.statementTimeoutMs,
    applicationName: profile.service,
    slowQueryThresholdMs: log.slowQueryThresholdMs,
    logQueries: database.logging,
    logger,
    registry,
    context: getContext,
  });
}

/** Says in the log whether the database answers, and keeps saying so until it does or the pool is closed. */
async function announceDatabase(pool: ObservedPool, logger: RunbookLogger): Promise<void> {
  try {
    await waitForDatabase(pool, { logger });
  } catch (error) {
    logger.error({ error }, 'The database does not answer; readiness stays 503 until it does');
  }
}
