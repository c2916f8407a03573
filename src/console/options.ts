import type { Registry } from 'prom-client';
import { ConfigError } from '../core/config-error.js';
import { SILENT_LOGGER, type Logger } from '../core/logger.js';
import type { Middleware } from '../core/middleware.js';
import { requireOption, resolveOptions, type Resolved } from '../core/options.js';
import { CONSOLE_CHECKS } from './option-checks.js';
import type { AuditPort, HealthPort, LevelPort, LinesPort, PoolsPort } from './ports.js';
import type { AlertView } from './wire/index.js';

export interface ConsoleOptions {
  /** What is counted: requests, queries, jobs, caches. Required. */
  registry: Registry;
  /**
   * Path of the page below where the console is mounted.
   * @default '/ops'
   */
  path?: string;
  /**
   * Name of the service, in the head of the page.
   * @default 'unknown'
   */
  service?: string;
  /** Version of the service; the page leaves it out when it is not given. */
  version?: string;
  /**
   * Whoever asks must send `Authorization: Bearer` with this token, or with one of these while a new one is handed out; a
   * browser signs in with it once and keeps a cookie for 12 hours that no script can read.
   */
  token?: string | readonly string[];
  /** Addresses and CIDR ranges from which it may be asked; together with `token` both are demanded. */
  networks?: readonly string[];
  /** Runs before anything is shown: calls `next()` to let the caller in, or answers itself. */
  guard?: Middleware;
  /**
   * Whether it runs in production: without `token`, `networks` and `guard` the console is off there, and its paths are left to
   * whoever comes next.
   * @default true
   */
  isProduction?: boolean;
  /** What `createHealthRouter()` made, or anything with its `report()`. No checks are shown without it. */
  health?: HealthPort;
  /** Tells of each line that is logged, e.g. `(listener) => logger.tail(listener)`. No log and no errors are shown without it. */
  lines?: LinesPort;
  /** The level of the log, to be changed for a time. Needs `audit`. It can only be read elsewhere without it. */
  level?: LevelPort;
  /** Records who changed the level, e.g. what `createAuditLog()` made: refuses what it cannot record. */
  audit?: AuditPort;
  /** The database pools, by name: any `pg.Pool`. */
  pools?: PoolsPort;
  /** The alerts that are active now. Without it, and while it gives nothing, the page says that nobody watches. */
  alerts?: () => readonly AlertView[] | undefined | Promise<readonly AlertView[] | undefined>;
  /** The settings in force, secrets masked already: `() => describeConfig(config)`. */
  settings?: () => object;
  /**
   * Takes secrets out of what is not in the log: the URLs of requests that failed. `createRedactor().text` does.
   * @default the query is left out
   */
  redact?: (text: string) => string;
  /** Aborted when the process is told to stop: open pages are told, and their connections ended. */
  draining?: AbortSignal;
  /**
   * Milliseconds between two samples, whether or not somebody looks.
   * @default 2000
   */
  intervalMs?: number;
  /**
   * Milliseconds that samples are kept, in memory; at most 5000 samples.
   * @default 1800000
   */
  historyMs?: number;
  /**
   * Pages that may be open at a time; the next is answered 429.
   * @default 4
   */
  maxPages?: number;
  /**
   * Told when something could not be read.
   * @default silent
   */
  logger?: Logger;
  /**
   * Milliseconds since 1970; for tests.
   * @default the clock of `Date.now`
   */
  now?: () => number;
}

export const CONSOLE_DEFAULTS = Object.freeze({
  path: '/ops',
  service: 'unknown',
  isProduction: true,
  redact: (text: string): string => text.replace(/\?.*$/s, ''),
  intervalMs: 2000,
  historyMs: 1_800_000,
  maxPages: 4,
  logger: SILENT_LOGGER,
  now: (): number => Date.now(),
});

const MAX_POINTS = 5000;

export type ConsoleSettings = Omit<Resolved<ConsoleOptions, typeof CONSOLE_DEFAULTS>, 'token'> & {
  readonly tokens: readonly string[] | undefined;
  /** How many samples are kept. */
  readonly points: number;
};

export function resolveConsoleOptions(options: ConsoleOptions): ConsoleSettings {
  const { token, ...settings } = resolveOptions('createConsole', options, CONSOLE_DEFAULTS, CONSOLE_CHECKS);
  requireOption('createConsole', 'registry', settings.registry, 'createMetrics() makes one');
  if (settings.level !== undefined) {
    requireOption(
      'createConsole',
      'audit',
      settings.audit,
      'who changes the level is recorded; createAuditLog() makes one',
    );
  }
  const points = Math.ceil(settings.historyMs / settings.intervalMs);
  if (points > MAX_POINTS) {
    const problem = `must be at most ${MAX_POINTS} times intervalMs, got ${points} times`;
    throw new ConfigError('ERR_OPTION_CONFLICT', 'createConsole.historyMs', problem);
  }
  return { ...settings, tokens: typeof token === 'string' ? [token] : token, points };
}
