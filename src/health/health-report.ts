import type { LifecycleState } from '../core/lifecycle.js';
import type { CheckReport } from './engine/check-report.js';

/** `ok`: everything is up; `degraded`: it serves, but not as it should; `error`: do not send it anything. */
export type OverallStatus = 'ok' | 'degraded' | 'error';

/** What `/health` knows, before a format puts it into words. */
export interface HealthReport {
  readonly status: OverallStatus;
  readonly state: LifecycleState;
  readonly version?: string;
  readonly uptimeSeconds: number;
  /** Milliseconds since 1970. */
  readonly reportedAt: number;
  readonly checks: readonly CheckReport[];
}

/** A critical check that is down is an error; anything else that is not up degrades the whole. */
export function overallOf(checks: readonly Pick<CheckReport, 'critical' | 'status'>[]): OverallStatus {
  if (checks.some(({ critical, status }) => critical && status === 'down')) return 'error';
  return checks.every(({ status }) => status === 'up') ? 'ok' : 'degraded';
}
