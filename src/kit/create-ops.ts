import type { Server } from 'node:http';
import type { PoolPort } from '../core/pool.js';
import type { ErrorMiddleware, Middleware } from '../core/middleware.js';
import { loadConfig, type Config } from '../config/index.js';
import { correlationId, getContext } from '../correlation/index.js';
import { errorHandler, notFound } from '../errors/index.js';
import { databaseCheck, type HealthRouter } from '../health/index.js';
import { createLogger, httpLogger, type RunbookLogger } from '../logging/index.js';
import { createMetrics, createMetricsRouter, httpMetrics, type Metrics } from '../metrics/index.js';
import { rateLimiter, securityHeaders } from '../security/index.js';
import type { HttpApp } from '../server/index.js';
import { createGracefulShutdown, type GracefulShutdown } from '../shutdown/index.js';
import { createServiceHealth } from './service-health.js';
import { listen } from './listen.js';
import { resolveOpsOptions, type OpsOptions, type OpsSettings } from './options.js';

const DATABASE = 'database';

/** All pieces, wired. Each is the same object that its own factory gives, for whatever the wiring leaves open. */
export interface Ops {
  readonly config: Config;
  readonly logger: RunbookLogger;
  readonly metrics: Metrics;
  readonly health: HealthRouter;
  readonly shutdown: GracefulShutdown;
  /** In front of the service's own middleware and routes: `app.use(ops.before)`. */
  readonly before: Middleware[];
  /** Behind them: `app.use(ops.after)`. */
  readonly after: (Middleware | ErrorMiddleware)[];
  /**
   * Has readiness check a `pg.Pool` and shutdown close it, after everything that is added later: the way for a pool that
   * is made with the logger and the registry of these pieces. Once per service.
   */
  addPool(pool: PoolPort): void;
  /**
   * Serves the app on `HOST` and `PORT`, is ready once it listens, and drains on SIGTERM and SIGINT. Rejects when the address
   * is taken or not allowed.
   */
  listen(app: HttpApp): Promise<Server>;
}

/**
 * Wires every piece from the environment: ids, access log, metrics, security headers, health, `/metrics`, rate limit, errors,
 * shutdown. Throws `EnvironmentError` with all that is wrong with the environment, `ConfigError` for a wrong option.
 *
 * @example
 * const ops = createOps({ service: 'orders', pool });
 * app.use(ops.before);
 * app.get('/orders', listOrders);
 * app.use(ops.after);
 * await ops.listen(app);
 */
export function createOps(options: OpsOptions): Ops {
  const settings = resolveOpsOptions(options);
  const config = settings.config ?? loadConfig();
  const logger = settings.logger ?? serviceLogger(settings, config);
  const metrics = settings.metrics ?? createMetrics({ service: settings.service, version: settings.version, logger });
  const shutdown = serviceShutdown(config, logger);
  const { registry } = metrics;
  const health = createServiceHealth(settings, { config, logger, registry, shutdown });
  const addPool = (pool: PoolPort): void => {
    shutdown.add(DATABASE, () => pool.close?.() ?? pool.end());
    health.add(databaseCheck({ pool, name: DATABASE, degradedAboveMs: config.health.databaseThresholdMs }));
    // A connection that broke says more than a pass that is a few seconds old.
    pool.on('error', () => health.invalidate(DATABASE));
  };
  if (settings.pool !== undefined) addPool(settings.pool);

  return {
    config,
    logger,
    metrics,
    health,
    shutdown,
    before: [
      correlationId(),
      httpLogger({
        logger,
        enabled: config.log.requests,
        slowThresholdMs: config.log.slowHttpThresholdMs,
        skipHealthChecks: config.log.skipHealthCheck,
      }),
      httpMetrics({ registry }),
      ...headers(settings),
      health,
      createMetricsRouter({ registry, logger }),
      ...limits(settings, config, logger, metrics),
    ],
    after: [notFound(), errorHandler({ logger })],
    addPool,
    listen: (app) => listen(app, { config, logger, registry, shutdown }),
  };
}

function serviceLogger({ service, version }: OpsSettings, { log, nodeEnv }: Config): RunbookLogger {
  return createLogger({
    service,
    version,
    environment: nodeEnv,
    level: log.level,
    format: log.format,
    dir: log.dir,
    includeTimestamp: log.includeTimestamp,
    includeHostname: log.includeHostname,
    redact: log.redactSensitive,
    context: getContext,
  });
}

function serviceShutdown({ shutdown }: Config, logger: RunbookLogger): GracefulShutdown {
  return createGracefulShutdown({
    logger,
    ...shutdown,
    onReopen: () => logger.reopen(),
    flush: () => logger.close(),
  });
}

function headers({ securityHeaders: wanted }: OpsSettings): Middleware[] {
  if (wanted === false) return [];
  return [securityHeaders(wanted === true ? undefined : wanted)];
}

function limits(
  settings: OpsSettings,
  { rateLimit }: Config,
  logger: RunbookLogger,
  { registry }: Metrics,
): Middleware[] {
  return settings.rateLimit ? [rateLimiter({ ...rateLimit, logger, registry })] : [];
}
