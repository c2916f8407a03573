import type { Server } from 'node:http';
import { createOps, getContext, hasAccess, type Logger, type Ops } from 'express-runbook';
import { createPool, waitForDatabase, type ObservedPool } from 'express-runbook/postgres';
import { apiPathOf, createApp } from './app.js';
import { authSecrets } from './auth/secrets.js';
import { dependencyChecks } from './dependency-checks.js';
import { openApiDocument } from './docs/openapi.js';
import { listenForOps, opsPages } from './ops-pages.js';
import { packageVersion } from './root.js';
import type { Settings } from './settings.js';

export function createServiceOps({ config, profile }: Settings): Ops {
  const { token, networks } = config.ops;
  return createOps({
    service: profile.service,
    version: packageVersion(),
    config,
    checks: dependencyChecks(config),
    // Where HEALTH_DETAILS is `authorised`: whoever has the token for what is not public.
    ...(token === undefined
      ? {}
      : { authoriseDetails: hasAccess({ token, ...(networks.length === 0 ? {} : { networks }) }) }),
  });
}

/** Builds the service and listens. A database that is away delays nothing: readiness tells. */
export async function start(settings: Settings, ops = createServiceOps(settings)): Promise<Server> {
  const { config, profile } = settings;
  for (const warning of config.warnings) ops.logger.warn({}, warning);
  const secrets = authSecrets(config, ops.logger);
  const pool = createServicePool(settings, ops);
  ops.addPool(pool);
  const about = { name: profile.service, version: packageVersion() };
  const document = openApiDocument({ title: about.name, version: about.version, apiPath: apiPathOf(config) });
  const pages = opsPages(config, pool, document);
  const { port: opsPort } = config.ops;
  if (opsPort !== undefined) await listenForOps(ops, opsPort, pages);
  const app = createApp({ ops, pool, secrets, ...about, ...(opsPort === undefined ? { pages } : {}) });
  const server = await ops.listen(app);
  void announceDatabase(pool, ops.logger);
  return server;
}

function createServicePool({ config, profile }: Settings, { logger, metrics }: Ops): ObservedPool {
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
