import type { UnfinishedWork } from './beacons.js';
import type { Cause, HookReport } from './hooks.js';
import type { Drained } from './http/index.js';

/** What happened, as the line `Shutdown completed` says it. */
export interface ShutdownReport extends Cause {
  /** 0; 1 when a request or hook had to be cut, a hook failed, work was not over, or the process crashed. */
  readonly exitCode: 0 | 1;
  readonly durationMs: number;
  /** Still listening and serving. */
  readonly delayedMs: number;
  /** From the end of listening until the last request was answered, the last work over and the last connection gone. */
  readonly drainMs: number;
  /** Requests broken off at the deadline. */
  readonly cutRequests: number;
  /** Connections that were closed because they had no request under way. */
  readonly closedQuietConnections: number;
  /** In the order they ran. */
  readonly hooks: readonly HookReport[];
  /** Announced by `beacon()` and still under way when all was closed. */
  readonly unfinishedWork: readonly UnfinishedWork[];
  /**
   * How many of what would have kept the process alive without its end being asked for, by type as Node names them: a
   * `Timeout` is a timer that nobody cleared, a `TCPSocketWrap` a connection that nobody closed.
   */
  readonly keptAliveBy: Readonly<Record<string, number>>;
}

export function openingLine({ reason, signal }: Cause): string {
  return signal === undefined
    ? `Shutdown requested (${reason}), closing database connections`
    : `${signal} received, closing database connections`;
}

export interface Walked {
  readonly times: { readonly startedAt: number; readonly stoppedAt: number; readonly drainedAt: number };
  readonly drained: Drained;
  readonly hooks: readonly HookReport[];
  readonly unfinishedWork: readonly UnfinishedWork[];
  readonly hasCrashed: boolean;
}

export function reportOf(cause: Cause, { times, drained, hooks, unfinishedWork, hasCrashed }: Walked): ShutdownReport {
  const { startedAt, stoppedAt, drainedAt } = times;
  const isWhole =
    drained.cut.length === 0 && unfinishedWork.length === 0 && hooks.every(({ outcome }) => outcome === 'closed');
  return {
    ...cause,
    exitCode: isWhole && !hasCrashed ? 0 : 1,
    durationMs: Math.round(performance.now() - startedAt),
    delayedMs: Math.round(stoppedAt - startedAt),
    drainMs: Math.round(drainedAt - stoppedAt),
    cutRequests: drained.cut.length,
    closedQuietConnections: drained.closedQuiet,
    hooks,
    unfinishedWork,
    keptAliveBy: counted(process.getActiveResourcesInfo()),
  };
}

function counted(types: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const type of types) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
