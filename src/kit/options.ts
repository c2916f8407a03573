import type { IncomingMessage } from 'node:http';
import type { HealthCheck } from '../core/health-check.js';
import type { PoolPort } from '../core/pool.js';
import type { RedisCommands } from '../core/redis.js';
import { either, hasMethods, isBoolean, isFunction, isListOf, isLogger, isObject, isText } from '../core/checks.js';
import { requireOption, resolveOptions, type OptionCheck, type Resolved } from '../core/options.js';
import type { Config } from '../config/index.js';
import type { RunbookLogger } from '../logging/index.js';
import type { RedisPort } from '../health/index.js';
import type { Metrics } from '../metrics/index.js';
import type { ConsoleOptions } from '../console/index.js';
import type { ErrorType } from '../errors/index.js';
import type { LoadShedderOptions, SecurityHeadersOptions } from '../security/index.js';

/** What the pieces need of a Redis client together. */
export interface RedisClient extends RedisCommands, RedisPort {
  quit(): Promise<unknown>;
  disconnect(): unknown;
}

/** What is needed of `createAlerts()` of `express-runbook/alerts`. */
export interface AlertsPort {
  /** The health of the service has changed. */
  healthChanged(): void;
  /** What is on now, for the ops console. */
  active?(): readonly { name: string; severity: string; message: string; startedAt: number }[];
  close(): Promise<unknown>;
}

export interface OpsOptions {
  /** Name of the service: in every log line and in `app_build_info`. Required. */
  service: string;
  /** Version of the service, as health, logs and metrics report it; they leave it out when it is not given. */
  version?: string;
  /** Settings; read from the environment and `.env` by `loadConfig()` when not given. */
  config?: Config;
  /** Logger of the service; made from `config.log` when not given, without files. A shutdown flushes and closes it. */
  logger?: RunbookLogger;
  /** Metrics of the service; made when not given. */
  metrics?: Metrics;
  /** Any `pg.Pool`: checked by readiness, closed by shutdown. One that wants the logger is added by `ops.addPool`. */
  pool?: PoolPort;
  /**
   * A client of ioredis, or one that has its methods: the instances' requests are limited together, a check that is not
   * critical asks it, and shutdown ends it by `quit()`. Each instance limits by itself without it.
   */
  redis?: RedisClient;
  /**
   * Checks beside those of the pool, memory, CPU, disk and event loop.
   * @default []
   */
  checks?: readonly HealthCheck[];
  /** Says which callers see the details of `/health` when `HEALTH_DETAILS` is `authorised`; nobody does without it. */
  authoriseDetails?: (req: IncomingMessage) => boolean | Promise<boolean>;
  /**
   * Options of `securityHeaders()`; `false` sends none.
   * @default true
   */
  securityHeaders?: boolean | SecurityHeadersOptions;
  /**
   * Whether requests are limited, by `RATE_LIMIT_MAX` and `RATE_LIMIT_WINDOW_MS`; probes and scrapes never are.
   * @default true
   */
  rateLimit?: boolean;
  /**
   * Whether requests are refused while the process is overloaded, and the options of `createLoadShedder()`.
   * @default false
   */
  loadShedding?: boolean | LoadShedderOptions;
  /**
   * Whether there is an ops console at `/ops`, and options of `createConsole()` over what is wired: it asks for `OPS_TOKEN` and
   * comes from `OPS_NETWORKS`, unless these options say who may look. In staging and production it is off while nothing does. With
   * `OPS_PORT` it is not on the main port.
   * @default false
   */
  console?: boolean | Partial<ConsoleOptions>;
  /**
   * Shape of error bodies: that of the runbooks, or problem details (RFC 9457).
   * @default 'envelope'
   */
  errorType?: ErrorType;
}

export const OPS_DEFAULTS = Object.freeze({
  checks: Object.freeze([] as HealthCheck[]),
  securityHeaders: true,
  rateLimit: true,
  loadShedding: false,
  console: false,
  errorType: 'envelope' as const,
});

export type OpsSettings = Resolved<OpsOptions, typeof OPS_DEFAULTS>;

export function resolveOpsOptions(options: OpsOptions): OpsSettings {
  const settings = resolveOptions('createOps', options, OPS_DEFAULTS, {
    service: isText,
    version: isText,
    config: isObject,
    logger: isServiceLogger,
    metrics: isObject,
    pool: hasMethods('query', 'end'),
    redis: hasMethods('call', 'ping', 'on', 'off', 'quit', 'disconnect'),
    checks: isListOf(either(isObject, isFunction)),
    authoriseDetails: isFunction,
    securityHeaders: either(isBoolean, isObject),
    rateLimit: isBoolean,
    loadShedding: either(isBoolean, isObject),
    console: either(isBoolean, isObject),
    errorType: isText,
  });
  requireOption('createOps', 'service', settings.service, "give the service a name, e.g. { service: 'orders' }");
  return settings;
}

const isWired = hasMethods('access', 'registerSecrets', 'droppedLines', 'lineCounts', 'reopen', 'close');

/** pino's own logger would fail at the first secret, the first scrape and the first rotation instead. */
const isServiceLogger: OptionCheck = (value) => {
  const problem = isLogger(value) ?? isWired(value);
  const cure = 'createLogger() makes one, createLogger(loggerOptions(config)) as the environment says';
  return problem === undefined ? undefined : `${problem}: ${cure}`;
};
