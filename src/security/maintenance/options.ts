import { isFunction, isInteger, isLogger, isText } from '../../core/checks.js';
import { SILENT_LOGGER, type Logger } from '../../core/logger.js';
import { requireOption, resolveOptions, type Resolved } from '../../core/options.js';

export interface MaintenanceOptions {
  /** While this file exists the service is under maintenance: no restart, and all processes of a host see it. Required. */
  file: string;
  /**
   * What `Retry-After` says, in seconds.
   * @default 120
   */
  retryAfterSeconds?: number;
  /**
   * Told once when maintenance begins and ends.
   * @default none: silent
   */
  logger?: Logger;
  /**
   * Milliseconds of a clock that never goes back; for tests.
   * @default the monotonic clock of `performance.now`
   */
  now?: () => number;
}

export const MAINTENANCE_DEFAULTS = Object.freeze({
  retryAfterSeconds: 120,
  logger: SILENT_LOGGER,
  now: (): number => performance.now(),
});

export type MaintenanceSettings = Resolved<MaintenanceOptions, typeof MAINTENANCE_DEFAULTS>;

export function resolveMaintenanceOptions(options: MaintenanceOptions): MaintenanceSettings {
  const settings = resolveOptions<MaintenanceOptions, typeof MAINTENANCE_DEFAULTS>(
    'maintenance',
    options,
    MAINTENANCE_DEFAULTS,
    { file: isText, retryAfterSeconds: isInteger(0), logger: isLogger, now: isFunction },
  );
  requireOption('maintenance', 'file', settings.file, "name the file that turns it on, e.g. { file: 'maintenance' }");
  return settings;
}
