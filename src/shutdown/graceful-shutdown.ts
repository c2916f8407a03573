import { setMaxListeners } from 'node:events';
import type { Server } from 'node:http';
import { hasMethods, isFunction, isText, isTimeMs } from '../core/checks.js';
import { ConfigError } from '../core/config-error.js';
import type { LifecycleState } from '../core/lifecycle.js';
import type { Middleware } from '../core/middleware.js';
import { describe, type OptionCheck } from '../core/options.js';
import { createBeacons, type Beacon } from './beacons.js';
import { refuseContradictions } from './contradictions.js';
import { createCloseHooks, type CloseHook } from './hooks.js';
import { createOpenAnswers, trackServer, type TrackedServer } from './http/index.js';
import { resolveShutdownOptions, type GracefulShutdownOptions } from './options.js';
import { processEvents } from './process-events.js';
import { createProcessHandlers } from './process-handlers.js';
import { safeLogger } from './safe-logger.js';
import { Sequence } from './sequence.js';
import type { ShutdownReport } from './shutdown-report.js';
import { createSupervisor } from './supervisor.js';

export interface GracefulShutdown {
  /** Where the process stands; readiness answers 503 unless it is `ready`. */
  state(): LifecycleState;
  /**
   * The service is up: state `ready`, and whoever supervises this process hears it: a parent that forked it (pm2 with `wait_ready`)
   * by the message `ready`, systemd by `READY=1`.
   */
  ready(): void;
  /** Drains this server on shutdown. Call it before it listens; several servers are fine. */
  serve(server: Server): void;
  /**
   * Closes something on shutdown, after the last request was answered: last added first, each once. One that throws or
   * takes longer than `timeoutMs` (default `hookTimeoutMs`) is reported and does not keep the next from its turn.
   */
  add(name: string, close: CloseHook, options?: { timeoutMs?: number }): void;
  /**
   * Announces work outside of requests, a job for example: shutdown waits for it until `timeoutMs` and names what was not
   * over by then.
   *
   * @example
   * const beacon = shutdown.beacon('invoice 42');
   * try {
   *   await sendInvoice(42);
   * } finally {
   *   beacon.end();
   * }
   */
  beacon(name: string): Beacon;
  /** Aborted as soon as the process is told to stop: for what fetches jobs, and for work that can be put down half way. */
  readonly draining: AbortSignal;
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
  refuseContradictions(settings, options);
  const logger = safeLogger(settings.logger);
  const answers = createOpenAnswers();
  const hooks = createCloseHooks(logger);
  const beacons = createBeacons();
  const supervisor = createSupervisor(settings.notifySocket, logger);
  const draining = new AbortController();
  // As many jobs as there are may listen; Node takes more than ten listeners for a leak.
  setMaxListeners(0, draining.signal);
  const servers: TrackedServer[] = [];
  const sequence = new Sequence(settings, logger, { servers, answers, hooks, beacons, supervisor, draining });
  const handlers = createProcessHandlers(settings, processEvents(settings, logger, sequence, supervisor));

  return {
    state: () => sequence.state,
    ready() {
      if (sequence.state !== 'starting') return;
      sequence.state = 'ready';
      supervisor.ready();
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
    beacon(name) {
      insist('beacon', isText(name), name);
      return beacons.light(name);
    },
    draining: draining.signal,
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

const isServer: OptionCheck = (value) =>
  hasMethods('closeIdleConnections', 'closeAllConnections')(value) === undefined
    ? undefined
    : 'must be an http.Server: what createHttpServer(app) or app.listen() returned';

function insist(what: string, problem: string | undefined, value: unknown): void {
  if (problem === undefined) return;
  throw new ConfigError('ERR_OPTION_INVALID', `gracefulShutdown.${what}`, `${problem}, got ${describe(value)}`);
}
