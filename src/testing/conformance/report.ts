import type { Check, Verdict } from './checks/check.js';

/** What one check found. */
export type ConformanceFinding = Pick<Check, 'id' | 'title'> & Verdict;

export interface ConformanceReport {
  /** Nothing failed. */
  readonly passed: boolean;
  /** One line for each failed check, `id: what was seen`, so that a test prints what it misses: `expect(failures).toEqual([])`. */
  readonly failures: readonly string[];
  /** Every check that was asked for, in the order in which they ran. */
  readonly findings: readonly ConformanceFinding[];
}

export function reportOf(findings: readonly ConformanceFinding[]): ConformanceReport {
  const failures = findings.flatMap((one) => (one.status === 'fail' ? [`${one.id}: ${one.reason}`] : []));
  return { passed: failures.length === 0, failures, findings };
}
