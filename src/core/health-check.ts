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

/** Says whether one thing is usable. Whoever holds a resource offers one; users write their own. */
export interface HealthCheck {
  readonly name: string;
  /**
   * Whether the service is unusable without it: a critical check that is down makes readiness answer 503, another one
   * makes the whole `degraded`.
   * @default true
   */
  readonly critical?: boolean;
  /**
   * Milliseconds this check may take; what takes longer is down with reason `timeout`. Defaults to the router's `timeoutMs`.
   */
  readonly timeoutMs?: number;
  /**
   * Returns a result, or nothing for `up`; anything thrown is `down`. `signal` is aborted when the deadline has passed.
   */
  run(signal: AbortSignal): CheckResult | undefined | Promise<CheckResult | undefined>;
  /** Facts that can be read at once, e.g. the numbers of a pool: shown even when `run` does not answer. */
  details?(): Readonly<Record<string, unknown>>;
}
