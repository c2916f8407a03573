/** A promise that is looked at. */
export interface ConformanceCheck {
  /** Stays the same from version to version. */
  readonly id: string;
  /** What is promised. */
  readonly title: string;
}

/** A failed check says what was seen; a skipped one what it would need. */
export type ConformanceVerdict =
  { readonly status: 'pass' } | { readonly status: 'fail' | 'skip'; readonly reason: string };

/** What one check found. */
export type ConformanceFinding = ConformanceCheck & ConformanceVerdict;

/** What all of them found. */
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
