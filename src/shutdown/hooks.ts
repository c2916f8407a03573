import { TIMED_OUT, withDeadline } from '../core/deadline.js';
import type { Logger } from '../core/logger.js';

export interface Cause {
  /** Why the process is to stop: the signal's name, `uncaughtException`, `unhandledRejection`, or what `shutdown(reason)` was given. */
  readonly reason: string;
  /** Set when a signal asked. */
  readonly signal?: NodeJS.Signals;
}

/** What a hook is told. */
export interface CloseContext extends Cause {
  /** Milliseconds until this hook is given up. */
  readonly timeLeftMs: number;
}

/** Closes one thing. */
export type CloseHook = (context: CloseContext) => unknown;

export interface HookReport {
  readonly name: string;
  readonly outcome: 'closed' | 'failed' | 'timed out';
  readonly durationMs: number;
}

export interface CloseHooks {
  add(name: string, close: CloseHook, timeoutMs: number): void;
  /** Last added first, one after the other, each once; one added meanwhile has its turn too. None gets more than `leftMs()`. */
  run(cause: Cause, leftMs: () => number): Promise<HookReport[]>;
}

interface Hook {
  readonly name: string;
  readonly close: CloseHook;
  readonly timeoutMs: number;
}

export function createCloseHooks(logger: Logger): CloseHooks {
  const waiting: Hook[] = [];
  return {
    add(name, close, timeoutMs) {
      waiting.push({ name, close, timeoutMs });
    },
    async run(cause, leftMs) {
      const reports: HookReport[] = [];
      for (let hook = waiting.pop(); hook !== undefined; hook = waiting.pop()) {
        const timeoutMs = Math.max(1, Math.floor(Math.min(hook.timeoutMs, leftMs())));
        reports.push(await runHook({ ...hook, timeoutMs }, cause, logger));
      }
      return reports;
    },
  };
}

async function runHook(hook: Hook, cause: Cause, logger: Logger): Promise<HookReport> {
  const { name, timeoutMs } = hook;
  const startedAt = performance.now();
  const report = (outcome: HookReport['outcome']): HookReport => ({
    name,
    outcome,
    durationMs: Math.round(performance.now() - startedAt),
  });
  // In a then, so that a hook that throws synchronously is a failed one like any other.
  const closing = Promise.resolve().then(() => hook.close({ ...cause, timeLeftMs: timeoutMs }));
  try {
    const result = await withDeadline(closing, timeoutMs, (err) => {
      logger.error({ hook: name, err }, 'Shutdown hook failed after its deadline');
    });
    if (result !== TIMED_OUT) return report('closed');
    logger.error({ hook: name, timeoutMs }, 'Shutdown hook timed out');
    return report('timed out');
  } catch (err) {
    logger.error({ hook: name, err }, 'Shutdown hook failed');
    return report('failed');
  }
}
