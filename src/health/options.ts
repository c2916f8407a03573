import type { IncomingMessage } from 'node:http';
import type { Registry } from 'prom-client';
import { isFunction, isListOf, isLogger, isOneOf, isRegistry, isText, isTimeMs } from '../core/checks.js';
import type { HealthCheck } from '../core/health-check.js';
import type { LifecycleState } from '../core/lifecycle.js';
import { SILENT_LOGGER, type Logger } from '../core/logger.js';
import { resolveOptions, type Resolved } from '../core/options.js';
import { BODY_FORMATS, type HealthFormat } from './bodies/body-formats.js';
import type { HealthWords, TimestampPrecision } from './bodies/vocabulary.js';
import type { OnChange } from './engine/transitions.js';
import { isPrefix, isStatusCodes, isWords } from './option-checks.js';

export interface HealthOptions {
  /**
   * What the service needs. More can be added while it runs.
   * @default []
   */
  checks?: readonly HealthCheck[];
  /** Version of the service, shown in the body of `/health`. */
  version?: string;
  /**
   * Says where the service is in its life. Readiness and `/health` answer 503 unless it is `ready`.
   * @default always `ready`
   */
  state?: () => LifecycleState;
  /**
   * Shape and words of the body of `/health`.
   * @default 'details'
   */
  format?: HealthFormat;
  /**
   * Words in place of those of the format, e.g. `{ overall: { ok: 'healthy' }, check: { up: 'connected' } }`.
   * @default none
   */
  words?: HealthWords;
  /** Timestamps with or without milliseconds; as the format has them when not given. */
  timestampPrecision?: TimestampPrecision;
  /**
   * Who sees more than status and names of checks on `/health`: callers for whom `authorise` says `true`, all, or nobody.
   * @default 'authorised'
   */
  details?: 'authorised' | 'always' | 'never';
  /**
   * Says whether a caller may see details, by what the request carries: never by its address, which behind a proxy is
   * loopback for everybody. What throws, rejects or takes longer than `responseDeadlineMs` is a no, and is logged.
   */
  authorise?: (req: IncomingMessage) => boolean | Promise<boolean>;
  /**
   * Prefixes under which all paths answer too: `['/api']` adds `/api/health` and the rest.
   * @default []
   */
  prefixes?: readonly string[];
  /**
   * Milliseconds that a check may take which does not say so itself.
   * @default 1000
   */
  timeoutMs?: number;
  /**
   * Milliseconds that an answer waits for its checks; what has not come by then is reported down with reason `timeout`.
   * Below 1000, because that is the time that Kubernetes gives a probe unless told otherwise.
   * @default 800
   */
  responseDeadlineMs?: number;
  /**
   * Milliseconds for which `/health` repeats a pass at most; 0 for never. Readiness repeats one for at most 1000, and
   * nobody repeats a failure for longer than 1000.
   * @default 5000
   */
  cacheTtlMs?: number;
  /**
   * Status code of `/health` when nothing critical is down but not everything is up. Readiness does not ask.
   * @default `{ degraded: 200 }`
   */
  statusCodes?: { readonly degraded: 200 | 503 };
  /** Called once for each change of a check's status. Its own failure is logged. */
  onChange?: OnChange;
  /**
   * Where changes are reported, with the errors behind them.
   * @default silent
   */
  logger?: Logger;
  /**
   * Gets `health_check_status`, `health_check_duration_seconds`, `health_check_last_success_timestamp_seconds` and
   * `health_check_transitions_total`.
   */
  registry?: Registry;
  /**
   * Milliseconds since 1970.
   * @default `Date.now`
   */
  now?: () => number;
  /**
   * Seconds for which the service has been running.
   * @default `process.uptime`
   */
  uptimeSeconds?: () => number;
}

export const HEALTH_DEFAULTS = Object.freeze({
  checks: Object.freeze([]),
  state: (): LifecycleState => 'ready',
  format: 'details',
  words: Object.freeze({}),
  details: 'authorised',
  prefixes: Object.freeze([]),
  timeoutMs: 1000,
  responseDeadlineMs: 800,
  cacheTtlMs: 5000,
  statusCodes: Object.freeze({ degraded: 200 }),
  logger: SILENT_LOGGER,
  now: Date.now,
  uptimeSeconds: (): number => process.uptime(),
});

export type HealthSettings = Resolved<HealthOptions, typeof HEALTH_DEFAULTS>;

/** The checks themselves are looked at one by one when they are added. */
export function resolveHealthOptions(options?: HealthOptions): HealthSettings {
  return resolveOptions('health', options, HEALTH_DEFAULTS, {
    checks: isListOf(() => undefined),
    version: isText,
    state: isFunction,
    format: isOneOf(Object.keys(BODY_FORMATS)),
    words: isWords,
    timestampPrecision: isOneOf(['milliseconds', 'seconds']),
    details: isOneOf(['authorised', 'always', 'never']),
    authorise: isFunction,
    prefixes: isListOf(isPrefix),
    timeoutMs: isTimeMs(1),
    responseDeadlineMs: isTimeMs(1),
    cacheTtlMs: isTimeMs(0),
    statusCodes: isStatusCodes,
    onChange: isFunction,
    logger: isLogger,
    registry: isRegistry,
    now: isFunction,
    uptimeSeconds: isFunction,
  });
}
