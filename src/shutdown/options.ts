import { constants } from 'node:os';
import { isFunction, isListOf, isLogger, isOneOf, isText, isTimeMs } from '../core/checks.js';
import { SILENT_LOGGER, type Logger } from '../core/logger.js';
import { resolveOptions, type Resolved } from '../core/options.js';

export interface GracefulShutdownOptions {
  /**
   * Where the steps are reported.
   * @default none: silent
   */
  logger?: Logger;
  /**
   * Milliseconds to go on listening and serving after the signal, while readiness already says no: the time a load balancer
   * needs to notice. 5000 suits Kubernetes, 1000 pm2. A process that does not serve yet does not wait.
   * @default 0
   */
  delayMs?: number;
  /**
   * Milliseconds that requests and announced work have, once no longer listening; what takes longer is cut and counted.
   * @default 10000
   */
  timeoutMs?: number;
  /**
   * The same after a crash, when it is shorter: the request that crashed will never be answered, and state is not to be trusted.
   * @default 2000
   */
  crashTimeoutMs?: number;
  /**
   * Milliseconds that each hook and the flush have, unless the hook says its own.
   * @default 5000
   */
  hookTimeoutMs?: number;
  /**
   * Milliseconds that a connection without a request under way is spared once no longer listening, counted from its last
   * sign of life: bytes of a request that are on their way get their answer, a silent one does not hold up the exit.
   * @default 1000
   */
  silentSocketGraceMs?: number;
  /**
   * Milliseconds after which whoever sent the signal kills the process: `terminationGracePeriodSeconds`, `kill_timeout` of pm2,
   * `TimeoutStopSec` of systemd. Budgets that do not fit are refused, and hooks get no more time than is left, a tenth of it
   * kept for the flush.
   */
  killAfterMs?: number;
  /**
   * Path of the socket on which systemd wants to hear `READY=1`, `RELOADING=1` and `STOPPING=1`: its `NOTIFY_SOCKET`. Told by
   * the program `systemd-notify`, so the unit needs `NotifyAccess=all`.
   */
  notifySocket?: string;
  /**
   * Signals that shut down. A second one, whichever, exits at once with 128 + its number (130 SIGINT, 143 SIGTERM).
   * @default ['SIGTERM', 'SIGINT']
   */
  signals?: readonly NodeJS.Signals[];
  /** Called on SIGHUP, to reopen log files after rotation. Without it SIGHUP is left to Node, which ends the process. */
  onReopen?: () => void;
  /**
   * Called on SIGUSR2, to write a profile; a promise that it returns may reject, which is logged. Without it SIGUSR2 is left
   * to Node, which ends the process.
   */
  onProfile?: () => unknown;
  /** Awaited last, after the line that reports the shutdown: hands the log to the system. */
  flush?: () => Promise<void>;
  /**
   * How the process ends after a signal or a crash.
   * @default `process.exit`
   */
  exit?: (code: number) => void;
}

export const GRACEFUL_SHUTDOWN_DEFAULTS = Object.freeze({
  logger: SILENT_LOGGER,
  delayMs: 0,
  timeoutMs: 10_000,
  crashTimeoutMs: 2_000,
  hookTimeoutMs: 5_000,
  silentSocketGraceMs: 1_000,
  signals: Object.freeze(['SIGTERM', 'SIGINT'] as const),
  exit: (code: number): void => {
    process.exit(code);
  },
});

export type ShutdownSettings = Resolved<GracefulShutdownOptions, typeof GRACEFUL_SHUTDOWN_DEFAULTS>;

// Node throws on a listener for these two (https://nodejs.org/api/process.html#signal-events).
const UNCATCHABLE = ['SIGKILL', 'SIGSTOP'];

export function resolveShutdownOptions(options?: GracefulShutdownOptions): ShutdownSettings {
  const catchable = Object.keys(constants.signals).filter((name) => !UNCATCHABLE.includes(name));
  return resolveOptions('gracefulShutdown', options, GRACEFUL_SHUTDOWN_DEFAULTS, {
    logger: isLogger,
    delayMs: isTimeMs(0),
    timeoutMs: isTimeMs(0),
    crashTimeoutMs: isTimeMs(0),
    hookTimeoutMs: isTimeMs(1),
    silentSocketGraceMs: isTimeMs(0),
    killAfterMs: isTimeMs(1),
    notifySocket: isText,
    signals: isListOf(isOneOf(catchable)),
    onReopen: isFunction,
    onProfile: isFunction,
    flush: isFunction,
    exit: isFunction,
  });
}
