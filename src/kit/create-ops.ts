import type { Server } from 'node:http';
import type { PoolPort } from '../core/pool.js';
import type { ErrorMiddleware, Middleware } from '../core/middleware.js';
import { loadConfig, secretValues, type Config } from '../config/index.js';
import { correlationId } from '../correlation/index.js';
import { errorHandler, notFound } from '../errors/index.js';
import { databaseCheck, redisCheck, type HealthRouter } from '../health/index.js';
import { createLogger, httpLogger, observeLogger, type RunbookLogger } from '../logging/index.js';
import { createMetrics, httpMetrics, type Metrics } from '../metrics/index.js';
import { createProfiler, type Profiler } from '../profiling/index.js';
import type { HttpApp } from '../server/index.js';
import { createGracefulShutdown, type GracefulShutdown } from '../shutdown/index.js';
import { serviceConsole } from './service-console.js';
import { createServiceHealth } from './service-health.js';
import { createServiceScrapes } from './service-scrapes.js';
import { listen, portOf } from './listen.js';
import { loggerOptions } from './logger-options.js';
import { resolveOpsOptions, type AlertsPort, type OpsOptions, type RedisClient } from './options.js';
import { doors, headers } from './protections.js';

const DATABASE = 'database';

/** All pieces, wired. Each is the same object that its own factory gives, for whatever the wiring leaves open. */
export interface Ops {
  readonly config: Config;
  readonly logger: RunbookLogger;
  readonly metrics: Metrics;
  readonly health: HealthRouter;
  readonly shutdown: GracefulShutdown;
  readonly profiler: Profiler;
  /** In front of the service's own middleware and routes: `app.use(ops.before)`. */
  readonly before: Middleware[];
  /** Behind them: `app.use(ops.after)`. */
  readonly after: (Middleware | ErrorMiddleware)[];
  /**
   * Has readiness check a `pg.Pool` and shutdown close it, after everything that is added later: the way for a pool that
   * is made with the logger and the registry of these pieces. Once per service.
   */
  addPool(pool: PoolPort): void;
  /** Has alerts hear of every change of health at once, and shutdown send what waits: after `addPool` when they are stored there. */
  addAlerts(alerts: AlertsPort): void;
  /**
   * Serves the app on `HOST` and `PORT`, is ready once it listens, and drains on SIGTERM and SIGINT. Rejects when the address
   * is taken or not allowed. A process that was told to stop before does not listen.
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
  const logger =
    settings.logger ?? createLogger({ ...loggerOptions(config), service: settings.service, version: settings.version });
  logger.registerSecrets(secretValues(config));
  const metrics = settings.metrics ?? createMetrics({ service: settings.service, version: settings.version, logger });
  const profiler = createProfiler({ logger, dir: config.profileDir });
  const shutdown = serviceShutdown(config, logger, profiler);
  const { registry } = metrics;
  observeLogger({ logger, registry });
  const scrapes = createServiceScrapes({ service: settings.service, config, logger, registry, shutdown });
  const alerted: AlertsPort[] = [];
  const onChange = (): void => {
    for (const alerts of alerted) alerts.healthChanged();
  };
  const health = createServiceHealth(settings, { config, logger, registry, shutdown, onChange });
  const pools = new Map<string, PoolPort>();
  let server: Server | undefined;
  const addPool = (pool: PoolPort): void => {
    pools.set(DATABASE, pool);
    shutdown.add(DATABASE, () => pool.close?.() ?? pool.end());
    health.add(databaseCheck({ pool, name: DATABASE, degradedAboveMs: config.health.databaseThresholdMs }));
  };
  if (settings.pool !== undefined) addPool(settings.pool);
  if (settings.redis !== undefined) useRedis(settings.redis, health, shutdown);

  return {
    config,
    logger,
    metrics,
    health,
    shutdown,
    profiler,
    before: [
      correlationId({ registry }),
      httpLogger({
        logger,
        enabled: config.log.requests,
        slowThresholdMs: config.log.slowHttpThresholdMs,
        skipHealthChecks: config.log.skipHealthCheck,
        sampleRate: config.log.sampleRate,
      }),
      httpMetrics({ registry, maxClients: config.metrics.maxClients }),
      ...headers(settings),
      health,
      ...scrapes.routers,
      ...serviceConsole(settings, {
        config,
        logger,
        registry,
        health,
        shutdown,
        pools,
        alerted,
        mainPort: () => portOf(server),
      }),
      ...doors(settings, { config, logger, registry, shutdown }),
    ],
    after: [notFound(), errorHandler({ logger, type: settings.errorType })],
    addPool,
    addAlerts(alerts) {
      alerted.push(alerts);
      shutdown.add('alerts', () => alerts.close());
    },
    async listen(app) {
      await scrapes.open();
      server = await listen(app, { config, logger, registry, shutdown });
      return server;
    },
  };
}

function useRedis(redis: RedisClient, health: HealthRouter, shutdown: GracefulShutdown): void {
  // A client that cannot say goodbye would go on trying to connect.
  shutdown.add('redis', () => redis.quit().catch(() => redis.disconnect()));
  health.add(redisCheck({ client: redis }));
}

function serviceShutdown({ shutdown: times }: Config, logger: RunbookLogger, profiler: Profiler): GracefulShutdown {
  const shutdown = createGracefulShutdown({
    logger,
    ...times,
    onReopen: () => logger.reopen(),
    onProfile: () => profiler.cpu(),
    flush: () => logger.close(),
  });
  shutdown.add('profiler', () => profiler.close());
  return shutdown;
}
