import type { CheckStatus } from '../core/health-check.js';
import type { LifecycleState } from '../core/lifecycle.js';

/**
 * Anything with the `report()` of a health router.
 * @inline
 */
export interface HealthPort {
  report(): Promise<{
    readonly status: 'ok' | 'degraded' | 'error';
    readonly state: LifecycleState;
    readonly checks: readonly {
      readonly name: string;
      readonly critical: boolean;
      readonly status: CheckStatus;
      readonly message?: string | undefined;
      readonly details?: Readonly<Record<string, unknown>> | undefined;
      readonly latencyMs: number;
      readonly checkedAt: number;
    }[];
  }>;
}

/**
 * Calls `listener` with every line that is logged, as JSON and redacted, and the number of its level (pino's). Returns what
 * ends it.
 * @inline
 */
export type LinesPort = (listener: (line: string, level: number) => void) => () => void;

/** @inline */
export interface LevelPort {
  current(): string;
  /** For a time, after which it goes back by itself; for good when `forMs` is left out. */
  change(level: string, forMs?: number): void;
}

/**
 * What is about to be done, as audit records have it.
 * @inline
 */
interface AuditedEvent {
  readonly action: string;
  readonly target?: { readonly type: string; readonly id: string };
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** @inline */
export interface AuditPort {
  /** Records the attempt, does the work, records how it ended. Rejects, without the work, when it cannot record. */
  run<Result>(event: AuditedEvent, work: () => Promise<Result>): Promise<Result>;
}

/**
 * What is read of a `pg.Pool`.
 * @inline
 */
interface PoolNumbers {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: { readonly max?: number | undefined };
}

/** @inline */
export type PoolsPort = () => readonly (readonly [name: string, pool: PoolNumbers])[];
