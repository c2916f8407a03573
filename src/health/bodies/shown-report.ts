import type { CheckReport } from '../engine/check-report.js';
import type { HealthReport } from '../health-report.js';

/** As much of a check as a caller may see. */
export type ShownCheck = Pick<CheckReport, 'name' | 'status'> & Partial<CheckReport>;

/** As much of a report as a caller may see. */
export type ShownReport = Pick<HealthReport, 'status' | 'state' | 'reportedAt' | 'version'> & {
  readonly uptimeSeconds?: number;
  readonly checks: readonly ShownCheck[];
};

/** What everybody may see: status and names. Latency, version and messages tell an attacker where it hurts. */
export function bareReport({ status, state, reportedAt, checks }: HealthReport): ShownReport {
  return { status, state, reportedAt, checks: checks.map(bareCheck) };
}

export function bareCheck({ name, status }: CheckReport): ShownCheck {
  return { name, status };
}
