import { existsSync } from 'node:fs';
import type { Middleware } from '../../core/middleware.js';
import { opsEndpointOf } from '../../core/ops-endpoint.js';
import { unavailable } from '../refusal.js';
import { resolveMaintenanceOptions, type MaintenanceOptions, type MaintenanceSettings } from './options.js';

const LOOK_EVERY_MS = 1000;

/**
 * Answers 503 `Down for maintenance` with `Retry-After` while a file exists, as an error for `errorHandler()`; probes and
 * scrapes are answered as ever, so that nobody restarts the service or loses its metrics. The file is looked for at most
 * once a second, and only when there is a request.
 *
 * @example
 * app.use(maintenance({ file: 'maintenance', logger })); // touch maintenance; rm maintenance
 */
export function maintenance(options: MaintenanceOptions): Middleware {
  const settings = resolveMaintenanceOptions(options);
  const isOn = lookout(settings);
  const refusal = (): Error => unavailable('ERR_MAINTENANCE', 'Down for maintenance', settings.retryAfterSeconds);

  return function maintenanceMiddleware(req, _res, next) {
    next(opsEndpointOf(req) === undefined && isOn() ? refusal() : undefined);
  };
}

function lookout({ file, logger, now }: MaintenanceSettings): () => boolean {
  let isOn = false;
  let lookedAt = -Infinity;
  return () => {
    const time = now();
    if (time - lookedAt < LOOK_EVERY_MS) return isOn;
    lookedAt = time;
    const wasOn = isOn;
    isOn = existsSync(file);
    if (isOn !== wasOn) logger.warn({ file }, isOn ? 'Maintenance began' : 'Maintenance ended');
    return isOn;
  };
}
