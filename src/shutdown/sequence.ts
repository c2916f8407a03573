import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_TIMER_MS } from '../core/deadline.js';
import type { LifecycleState } from '../core/lifecycle.js';
import type { Logger } from '../core/logger.js';
import type { Beacons } from './beacons.js';
import type { Cause, CloseHooks } from './hooks.js';
import { drain, type Drained, type OpenAnswers, type TrackedServer } from './http/index.js';
import type { ShutdownSettings } from './options.js';
import type { CrashOrigin } from './process-handlers.js';
import { flushed, loggableError } from './safe-logger.js';
import { openingLine, reportOf, type ShutdownReport } from './shutdown-report.js';
import type { Supervisor } from './supervisor.js';

export interface SequenceParts {
  readonly servers: TrackedServer[];
  readonly answers: OpenAnswers;
  readonly hooks: CloseHooks;
  readonly beacons: Beacons;
  readonly supervisor: Supervisor;
  readonly draining: AbortController;
}

const MAX_LATER_ERRORS = 10;
const SHARE_OF_FLUSH = 0.1;

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
    const wasStarting = this.state === 'starting';
    this.state = 'draining';
    this.parts.draining.abort();
    this.parts.supervisor.stopping();
    this.parts.answers.closeConnections();
    if (!this.hasCrashed()) this.logger.info({ ...cause }, openingLine(cause));
    await this.delay(wasStarting);
    const stoppedAt = performance.now();
    this.state = 'stopped';
    const drained = await this.drain(stoppedAt);
    const drainedAt = performance.now();
    const hooks = await this.parts.hooks.run(cause, () => this.leftMs(startedAt));
    await this.parts.supervisor.told();
    clearInterval(alive);
    const report = reportOf(cause, {
      times: { startedAt, stoppedAt, drainedAt },
      drained,
      hooks,
      unfinishedWork: this.parts.beacons.list(),
      hasCrashed: this.hasCrashed(),
    });
    this.tell(report);
    const isFlushed = await this.flush();
    return isFlushed ? report : { ...report, exitCode: 1 };
  }

  /** The flush waits for a stream, which alone may not keep the process alive. */
  private async flush(): Promise<boolean> {
    const alive = setInterval(() => undefined, MAX_TIMER_MS);
    const isFlushed = await flushed(this.settings.flush, this.settings.hookTimeoutMs);
    clearInterval(alive);
    return isFlushed;
  }

  /** Until the process is killed, less what the flush needs. */
  private leftMs(startedAt: number): number {
    const { killAfterMs = Infinity } = this.settings;
    return startedAt + killAfterMs * (1 - SHARE_OF_FLUSH) - performance.now();
  }

  /** Nobody sends requests to a process that never served, so there is nobody to wait for. */
  private async delay(wasStarting: boolean): Promise<void> {
    const { servers } = this.parts;
    const isServing = servers.length === 0 ? !wasStarting : servers.some(({ server }) => server.listening);
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
    const { servers, answers, beacons } = this.parts;
    const drained = await drain({ servers, answers, workCount: () => beacons.count() }, silentSocketGraceMs, deadline);
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
