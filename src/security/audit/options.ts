import type { Registry } from 'prom-client';
import { hasMethods, isFunction, isRegistry, isTimeMs } from '../../core/checks.js';
import type { GetContext } from '../../core/context.js';
import type { Logger } from '../../core/logger.js';
import { requireOption, resolveOptions, type Resolved } from '../../core/options.js';
import type { AuditStore } from './audit-record.js';

export interface AuditLogOptions {
  /** Writes each event to its audit channel; a logger of `createLogger()` has one. Required. */
  logger: Pick<Logger, 'error'> & { audit(fields: Record<string, unknown>, message: string): void };
  /** Keeps each event as well, e.g. in a table that nobody can change. The channel alone when left out. */
  store?: AuditStore;
  /**
   * Whose event it is: pass `getContext`.
   * @default nobody's
   */
  context?: GetContext;
  /** What the details of an event go through before they are stored: `createRedactor()` makes one. */
  redactor?: { value(value: unknown): unknown };
  /**
   * Milliseconds that the store may take for one event.
   * @default 2000
   */
  timeoutMs?: number;
  /** Where `audit_events_total{phase}` and `audit_failures_total{phase}` are counted; nowhere when left out. */
  registry?: Registry;
  /**
   * Milliseconds since 1970; for tests.
   * @default the clock of `Date.now`
   */
  now?: () => number;
}

export const AUDIT_LOG_DEFAULTS = Object.freeze({
  context: (): undefined => undefined,
  timeoutMs: 2000,
  now: (): number => Date.now(),
});

export type AuditLogSettings = Resolved<AuditLogOptions, typeof AUDIT_LOG_DEFAULTS>;

export function resolveAuditLogOptions(options: AuditLogOptions): AuditLogSettings {
  const settings = resolveOptions<AuditLogOptions, typeof AUDIT_LOG_DEFAULTS>(
    'createAuditLog',
    options,
    AUDIT_LOG_DEFAULTS,
    {
      logger: hasMethods('audit', 'error'),
      store: hasMethods('append'),
      context: isFunction,
      redactor: hasMethods('value'),
      timeoutMs: isTimeMs(1),
      registry: isRegistry,
      now: isFunction,
    },
  );
  requireOption('createAuditLog', 'logger', settings.logger, 'createLogger() makes one with an audit channel');
  return settings;
}
