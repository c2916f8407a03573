import type { Registry } from 'prom-client';
import type { Middleware } from '../core/middleware.js';
import type { Config } from '../config/index.js';
import type { RunbookLogger } from '../logging/index.js';
import { createLoadShedder, maintenance, rateLimiter, securityHeaders } from '../security/index.js';
import type { GracefulShutdown } from '../shutdown/index.js';
import type { OpsSettings } from './options.js';

interface Parts {
  readonly config: Config;
  readonly logger: RunbookLogger;
  readonly registry: Registry;
  readonly shutdown: GracefulShutdown;
}

/** What every answer carries, refusals and probes included. */
export function headers({ securityHeaders: wanted }: OpsSettings): Middleware[] {
  if (wanted === false) return [];
  return [securityHeaders(wanted === true ? undefined : wanted)];
}

/** What refuses a request before it costs anything; stands behind the endpoints for probes and scrapes. */
export function doors(settings: OpsSettings, { config, logger, registry, shutdown }: Parts): Middleware[] {
  const { maintenanceFile } = config;
  const standing: Middleware[] = [];
  if (maintenanceFile !== undefined) standing.push(maintenance({ file: maintenanceFile, logger }));
  if (settings.loadShedding !== false) {
    const said = settings.loadShedding === true ? {} : settings.loadShedding;
    const shedder = createLoadShedder({ logger, registry, ...said });
    shutdown.add('load shedder', () => {
      shedder.close();
    });
    standing.push(shedder.middleware);
  }
  if (settings.rateLimit) standing.push(rateLimiter({ ...config.rateLimit, redis: settings.redis, logger, registry }));
  return standing;
}
