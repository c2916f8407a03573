export type CheckStatus = 'up' | 'degraded' | 'down';

export interface CheckResult {
  readonly status: CheckStatus;
  /** For people: why it is not up. Never a host, a credential or a stack. */
  readonly message?: string;
  /** Facts of the check, shown under its name. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** What went wrong, for the log alone: no body ever shows it. */
  readonly cause?: unknown;
}

/** A probe that checks take part in; liveness runs nothing, and `/health` runs everything. */
export type CheckProbe = 'readiness' | 'startup';

/** Says whether one thing is usable. Whoever holds a resource offers one; users write their own. */
export interface HealthCheck {
  /** Key of the check in bodies, paths, log lines and metrics. */
  readonly name: string;
  /**
   * Whether the service is unusable without it: a critical check that is down makes `/health` and its probes answer 503,
   * another one makes the whole `degraded`.
   * @default true
   */
  readonly critical?: boolean;
  /**
   * Which probes run it, beside `/health`, which runs every check. What only the first start needs goes to `startup`.
   * @default `['readiness']` when it is critical, else none
   */
  readonly probes?: readonly CheckProbe[];
  /**
   * Milliseconds this check may take; what takes longer is down with reason `timeout`.
   * @default `timeoutMs` of the router
   */
  readonly timeoutMs?: number;
  /**
   * Milliseconds for which `/health` repeats a pass of this check; 0 for never. Readiness repeats one for at most 1000.
   * @default `cacheTtlMs` of the router
   */
  readonly cacheTtlMs?: number;
  /**
   * Milliseconds for which a failure of this check is repeated, from 0 to 1000, and never for longer than a pass.
   * @default 1000
   */
  readonly failureCacheTtlMs?: number;
  /**
   * Runs in a row that must fail before a check that was up counts as down. The first run of all decides alone.
   * @default 1
   */
  readonly failureThreshold?: number;
  /**
   * Runs in a row that must pass before a check that was down counts as up again.
   * @default 1
   */
  readonly successThreshold?: number;
  /**
   * Milliseconds after which the check runs by itself when nobody asked, so that changes are seen without probes. It
   * makes no result live longer.
   * @default never
   */
  readonly refreshMs?: number;
  /**
   * Returns a result, or nothing for `up`; anything thrown is `down`. `signal` is aborted when the deadline has passed.
   */
  run(signal: AbortSignal): CheckResult | undefined | Promise<CheckResult | undefined>;
  /** Facts that can be read at once, e.g. the numbers of a pool: shown even when `run` does not answer. */
  details?(): Readonly<Record<string, unknown>>;
  /**
   * Called once, when the check is added. `invalidate` has the next probe look anew, however young the latest pass is: for
   * the `error` event of a pool or client. Returns what ends it, called when the check is removed.
   */
  watch?(invalidate: () => void): () => void;
}
