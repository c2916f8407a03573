import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_TIMER_MS } from '../core/deadline.js';
import type { LifecycleState } from '../core/lifecycle.js';
import type { Logger } from '../core/logger.js';
import type { Cause, CloseHooks, HookReport } from './hooks.js';
import { drain, type Drained, type OpenAnswers, type TrackedServer } from './http/index.js';
import type { ShutdownSettings } from './options.js';
import type { CrashOrigin } from './process-handlers.js';
import { flushed, loggableError } from './safe-logger.js';

/** What happened, as the line `Shutdown completed` says it. */
export interface ShutdownReport extends Cause {
  /** 0; 1 when a request or hook had to be cut, a hook failed, or the process crashed. */
  readonly exitCode: 0 | 1;
  readonly durationMs: number;
  /** Still listening and serving. */
  readonly delayedMs: number;
  /** From the end of listening until the last connection was gone. */
  readonly drainMs: number;
  /** Requests broken off at the deadline. */
  readonly cutRequests: number;
  /** Connections that were closed because they had no request under way. */
  readonly closedQuietConnections: number;
  /** In the order they ran. */
  readonly hooks: readonly HookReport[];
}

export interface SequenceParts {
  readonly servers: TrackedServer[];
  readonly answers: OpenAnswers;
  readonly hooks: CloseHooks;
}

const MAX_LATER_ERRORS = 10;

/** The way from a running process to a stopped one; walked once. */
export class Sequence {
  state: LifecycleState = 'starting';
  private running: Promise<ShutdownReport> | undefined;
  private crash: { readonly origin: CrashOrigin; readonly err: unknown; readonly at: number } | undefined;
  private laterErrors = 0;
  private isReported = false;
  private readonly hurry = new AbortController();

  constructor(
    private readonly settings: ShutdownSettings,
    private readonly logger: Logger,
    private readonly parts: SequenceParts,
  ) {}

  /** Called again, it is the same walk. Never rejects. */
  run(cause: Cause): Promise<ShutdownReport> {
    this.running ??= this.walk(cause);
    return this.running;
  }

  /** Takes our listeners off the servers, after the walk when one is under way. */
  release(): void {
    const release = (): void => {
      for (const tracked of this.parts.servers.splice(0)) tracked.release();
    };
    if (this.running === undefined) release();
    else void this.running.then(release);
  }

  hasCrashed(): boolean {
    return this.crash !== undefined;
  }

  /**
   * Shortens the walk. The error is on disk at once; the fatal line, which names it too, is the last line of the log
   * (LOG-56), so that nobody has to look for it between the lines of requests that still finish.
   */
  crashed(origin: CrashOrigin, thrown: unknown): void {
    const err = loggableError(thrown);
    const isFirst = this.crash === undefined;
    // A logger whose own failure is an unhandled rejection must not go round for ever.
    if (!isFirst && ++this.laterErrors > MAX_LATER_ERRORS) return;
    this.crash ??= { origin, err, at: performance.now() };
    this.hurry.abort();
    if (this.isReported && isFirst) this.logger.fatal({ origin, err }, 'Crashed during exit');
    else this.logger.error({ origin, err }, isFirst ? 'Crashed, shutting down' : 'Another error after the crash');
  }

  private async walk(cause: Cause): Promise<ShutdownReport> {
    // A hook that waits for something nobody holds open would let the process end by itself, without report or flush.
    const alive = setInterval(() => undefined, MAX_TIMER_MS);
    const startedAt = performance.now();
    this.state = 'draining';
    this.parts.answers.closeConnections();
    if (!this.hasCrashed()) this.logger.info({ ...cause }, openingLine(cause));
    await this.delay();
    const stoppedAt = performance.now();
    this.state = 'stopped';
    const drained = await this.drain(stoppedAt);
    const drainedAt = performance.now();
    const hooks = await this.parts.hooks.run(cause);
    const report: ShutdownReport = {
      ...cause,
      exitCode:
        this.hasCrashed() || drained.cut.length > 0 || hooks.some(({ outcome }) => outcome !== 'closed') ? 1 : 0,
      durationMs: Math.round(performance.now() - startedAt),
      delayedMs: Math.round(stoppedAt - startedAt),
      drainMs: Math.round(drainedAt - stoppedAt),
      cutRequests: drained.cut.length,
      closedQuietConnections: drained.closedQuiet,
      hooks,
    };
    this.tell(report);
    const isFlushed = await flushed(this.settings.flush, this.settings.hookTimeoutMs);
    clearInterval(alive);
    return isFlushed ? report : { ...report, exitCode: 1 };
  }

  /** Nobody sends requests to a server that never listened, so there is nobody to wait for. */
  private async delay(): Promise<void> {
    const { servers } = this.parts;
    const isServing = servers.length === 0 || servers.some(({ server }) => server.listening);
    if (!isServing || this.settings.delayMs === 0) return;
    // Rejects for one reason only: a crash cut it short.
    await sleep(this.settings.delayMs, undefined, { signal: this.hurry.signal }).catch(() => undefined);
  }

  private async drain(startedAt: number): Promise<Drained> {
    const { timeoutMs, crashTimeoutMs, silentSocketGraceMs } = this.settings;
    const deadline = (): number => {
      const usual = startedAt + timeoutMs;
      return this.crash === undefined ? usual : Math.min(usual, Math.max(startedAt, this.crash.at) + crashTimeoutMs);
    };
    const drained = await drain(this.parts.servers, this.parts.answers, silentSocketGraceMs, deadline);
    if (drained.cut.length > 0) {
      this.logger.warn({ requests: drained.cut.slice(0, 20), count: drained.cut.length }, 'Requests cut by shutdown');
    }
    return drained;
  }

  private tell(report: ShutdownReport): void {
    this.isReported = true;
    const line = 'Shutdown completed';
    if (this.crash !== undefined) this.logger.fatal({ err: this.crash.err, ...report }, `${line} after a crash`);
    else if (report.exitCode === 0) this.logger.info({ ...report }, line);
    else this.logger.warn({ ...report }, line);
  }
}

function openingLine({ reason, signal }: Cause): string {
  return signal === undefined
    ? `Shutdown requested (${reason}), closing database connections`
    : `${signal} received, closing database connections`;
}
