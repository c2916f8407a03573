import type { Server } from 'node:http';
import { constants } from 'node:os';
import { hasMethods, isFunction, isText, isTimeMs } from '../core/checks.js';
import { ConfigError } from '../core/config-error.js';
import type { LifecycleState } from '../core/lifecycle.js';
import type { Logger } from '../core/logger.js';
import type { Middleware } from '../core/middleware.js';
import { describe, type OptionCheck } from '../core/options.js';
import { createCloseHooks, type CloseHook } from './hooks.js';
import { createOpenAnswers, trackServer, type TrackedServer } from './http/index.js';
import { resolveShutdownOptions, type GracefulShutdownOptions, type ShutdownSettings } from './options.js';
import { createProcessHandlers, type ProcessEvents } from './process-handlers.js';
import { safeLogger } from './safe-logger.js';
import { Sequence, type ShutdownReport } from './sequence.js';

export interface GracefulShutdown {
  /** Where the process stands; readiness answers 503 unless it is `ready`. */
  state(): LifecycleState;
  /** The service is up: state `ready`, and a supervisor that forked this process (pm2 with `wait_ready`) hears `ready`. */
  ready(): void;
  /** Drains this server on shutdown. Call it before it listens; several servers are fine. */
  serve(server: Server): void;
  /**
   * Closes something on shutdown, after the last request was answered: last added first, each once. One that throws or
   * takes longer than `timeoutMs` (default `hookTimeoutMs`) is reported and does not keep the next from its turn.
   */
  add(name: string, close: CloseHook, options?: { timeoutMs?: number }): void;
  /** Makes answers say `Connection: close` while draining. Only needed in front of a server that was not given to `serve`. */
  readonly middleware: Middleware;
  /** Shuts down without a signal and says how it went; the process is not ended. Called again, it is the same shutdown. */
  shutdown(reason?: string): Promise<ShutdownReport>;
  /** Listens for signals, `uncaughtException` and `unhandledRejection`. */
  install(): void;
  /** Takes every listener away again, from the process and from the servers. */
  uninstall(): void;
}

/**
 * Ends the process so that nobody notices: told to stop, it goes on serving for `delayMs` (readiness 503, every answer
 * `Connection: close`), stops listening, lets requests finish until `timeoutMs`, closes what was added, flushes the log
 * and exits 0, or 1 when something had to be cut. A second signal exits at once. Nothing is listened to before `install()`.
 *
 * @example
 * const shutdown = createGracefulShutdown({ logger, delayMs: 5000 });
 * shutdown.serve(server);
 * shutdown.add('database', () => pool.end());
 * shutdown.install();
 */
export function createGracefulShutdown(options?: GracefulShutdownOptions): GracefulShutdown {
  const settings = resolveShutdownOptions(options);
  const logger = safeLogger(settings.logger);
  const answers = createOpenAnswers();
  const hooks = createCloseHooks(logger);
  const servers: TrackedServer[] = [];
  const sequence = new Sequence(settings, logger, { servers, answers, hooks });
  const handlers = createProcessHandlers(settings, processEvents(settings, logger, sequence));

  return {
    state: () => sequence.state,
    ready() {
      if (sequence.state !== 'starting') return;
      sequence.state = 'ready';
      tellSupervisor(logger);
    },
    serve(server) {
      insist('serve', isServer(server), server);
      if (servers.some((tracked) => tracked.server === server)) return;
      const tracked = trackServer(server, answers);
      servers.push(tracked);
      if (sequence.state === 'stopped') tracked.stopListening();
    },
    add(name, close, { timeoutMs = settings.hookTimeoutMs } = {}) {
      insist('add.name', isText(name), name);
      insist('add.close', isFunction(close), close);
      insist('add.timeoutMs', isTimeMs(1)(timeoutMs), timeoutMs);
      hooks.add(name, close, timeoutMs);
    },
    middleware: function drainingMiddleware(req, res, next) {
      answers.follow(req, res);
      next();
    },
    shutdown: (reason = 'shutdown') => sequence.run({ reason }),
    install: handlers.install,
    uninstall() {
      handlers.uninstall();
      sequence.release();
    },
  };
}

function processEvents(settings: ShutdownSettings, logger: Logger, sequence: Sequence): ProcessEvents {
  let isSignalled = false;
  let exiting: Promise<void> | undefined;
  const exitAfter = (run: Promise<ShutdownReport>): void => {
    exiting ??= run.then(({ exitCode }) => {
      settings.exit(sequence.hasCrashed() ? 1 : exitCode);
    });
  };
  return {
    signal(signal) {
      if (isSignalled) {
        const level = sequence.hasCrashed() ? 'fatal' : 'warn';
        logger[level]({ signal }, `${signal} received again, exiting at once`);
        settings.exit(128 + constants.signals[signal]);
        return;
      }
      isSignalled = true;
      exitAfter(sequence.run({ reason: signal, signal }));
    },
    crash(origin, thrown) {
      sequence.crashed(origin, thrown);
      exitAfter(sequence.run({ reason: origin }));
    },
    profile() {
      logger.info({ signal: 'SIGUSR2' }, 'SIGUSR2 received, profiling');
      const failed = (err: unknown): void => {
        logger.error({ signal: 'SIGUSR2', err }, 'Profile could not be taken');
      };
      void Promise.resolve()
        .then(() => settings.onProfile?.())
        .catch(failed);
    },
    reopen() {
      try {
        settings.onReopen?.();
        logger.info({ signal: 'SIGHUP' }, 'SIGHUP received, log files reopened');
      } catch (err) {
        logger.error({ signal: 'SIGHUP', err }, 'Log files could not be reopened');
      }
    },
  };
}

function tellSupervisor(logger: Logger): void {
  if (process.send === undefined || !process.connected) return;
  process.send('ready', undefined, undefined, (err) => {
    if (err !== null) logger.warn({ err }, 'The supervisor could not be told that the service is ready');
  });
}

const isServer: OptionCheck = (value) =>
  hasMethods('closeIdleConnections', 'closeAllConnections')(value) === undefined
    ? undefined
    : 'must be an http.Server: what createHttpServer(app) or app.listen() returned';

function insist(what: string, problem: string | undefined, value: unknown): void {
  if (problem === undefined) return;
  throw new ConfigError('ERR_OPTION_INVALID', `gracefulShutdown.${what}`, `${problem}, got ${describe(value)}`);
}
