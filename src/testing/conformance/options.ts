import type { RequestListener } from 'node:http';
import { isFunction, isInteger, isListOf, isObject, isText, isTimeMs } from '../../core/checks.js';
import { ConfigError } from '../../core/config-error.js';
import { resolveOptions, type OptionCheck, type Resolved } from '../../core/options.js';

export interface ConformanceOptions {
  /** Where the service answers, e.g. `http://127.0.0.1:3000`; behind a prefix with it. */
  url?: string;
  /** In place of `url`: an Express app, served on a port of its own while it is looked at. */
  app?: RequestListener;
  /**
   * The program and its arguments that serve at `url`: started, looked at, and ended with SIGTERM, for the checks of shutdown.
   * Whatever has not ended after `shutdownTimeoutMs` is killed, with all that it has started in turn: `['npm', 'start']` leaves nothing.
   */
  command?: readonly string[];
  /** Environment of `command`, beside that of this process. `SHUTDOWN_DELAY_MS` is 1000 unless one of them says it. */
  env?: Readonly<Record<string, string>>;
  /** In place of `command`: the process at `url` that gets SIGTERM at the end, for the checks of shutdown. */
  pid?: number;
  /**
   * A path that the limiter counts. That it exists is not needed; when a POST to it reads its body, more is seen.
   * @default '/'
   */
  path?: string;
  /** A path whose handler fails by a mistake, for the check of answers 500. */
  failPath?: string;
  /** Where the metrics are when not at `/metrics` of `url`. */
  metricsUrl?: string;
  /** Bearer token of the metrics. */
  metricsToken?: string;
  /** Ids of checks or of groups of them (`ids`, `probes`, `metrics`, `errors`, `limits`, `shutdown`): no others are run. */
  only?: readonly string[];
  /** The same: these are not run. */
  skip?: readonly string[];
  /** Ends it early: what was started is ended too, and the promise rejects. */
  signal?: AbortSignal;
  /**
   * Milliseconds that one answer may take.
   * @default 5000
   */
  timeoutMs?: number;
  /**
   * Milliseconds that a command may take to serve, and a process to end.
   * @default 30000
   */
  shutdownTimeoutMs?: number;
}

export const CONFORMANCE_DEFAULTS = Object.freeze({ path: '/', timeoutMs: 5_000, shutdownTimeoutMs: 30_000 });

export type ConformanceSettings = Resolved<ConformanceOptions, typeof CONFORMANCE_DEFAULTS>;

export function resolveConformanceOptions(options: ConformanceOptions, ids: readonly string[]): ConformanceSettings {
  const isKnown: OptionCheck = (value) =>
    ids.includes(value as string) ? undefined : `must be one of ${ids.join(', ')}`;
  const settings = resolveOptions('conformance', options, CONFORMANCE_DEFAULTS, {
    url: isHttpUrl,
    app: isFunction,
    command: (value) =>
      (isListOf(isText)(value) ?? (value as unknown[]).length === 0) ? 'must name a program' : undefined,
    env: isObject,
    pid: isInteger(1),
    path: isPath,
    failPath: isPath,
    metricsUrl: isHttpUrl,
    metricsToken: isText,
    only: isListOf(isKnown),
    skip: isListOf(isKnown),
    signal: (value) => (value instanceof AbortSignal ? undefined : 'must be an AbortSignal'),
    timeoutMs: isTimeMs(1),
    shutdownTimeoutMs: isTimeMs(1),
  });
  const { url, app, command, pid } = settings;
  if ((url === undefined) === (app === undefined))
    throw new ConfigError('ERR_OPTION_CONFLICT', 'conformance.url', 'or app must be given, and one of the two alone');
  if (app !== undefined && (command !== undefined || pid !== undefined))
    throw new ConfigError(
      'ERR_OPTION_CONFLICT',
      'conformance.app',
      'is served by this process: command and pid need url',
    );
  if (command !== undefined && pid !== undefined)
    throw new ConfigError('ERR_OPTION_CONFLICT', 'conformance.pid', 'says what command says too: give one of the two');
  return settings;
}

const isHttpUrl: OptionCheck = (value) =>
  typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value)
    ? undefined
    : 'must be a URL such as http://127.0.0.1:3000';

const isPath: OptionCheck = (value) =>
  typeof value === 'string' && /^\/\S*$/.test(value) ? undefined : 'must be a path such as /users';
