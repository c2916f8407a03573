import { TIMED_OUT, withDeadline } from '../../core/deadline.js';
import type { HealthCheck } from '../../core/health-check.js';
import { failureOf, reportOf, type FinishedRun, type Measured } from './check-report.js';

export interface RunSettings {
  readonly timeoutMs: number;
  readonly now: () => number;
}

/**
 * Runs a check once. Never rejects and never takes longer than the deadline, when the check's signal is aborted and what
 * still comes changes nothing.
 */
export async function runCheck(check: HealthCheck, settings: RunSettings): Promise<FinishedRun> {
  const timeoutMs = check.timeoutMs ?? settings.timeoutMs;
  const startedAt = performance.now();
  const measured = (): Measured => ({ latencyMs: performance.now() - startedAt, checkedAt: settings.now() });
  const abort = new AbortController();
  // Started in a promise, so that a check that throws at once is one that rejects.
  const work = Promise.resolve().then((): unknown => check.run(abort.signal));
  try {
    const result = await withDeadline(work, timeoutMs);
    if (result !== TIMED_OUT) return reportOf(check, result, measured());
  } catch (error) {
    return { report: failureOf(check, 'failed', `${check.name} is not available`, measured()), cause: error };
  }
  abort.abort();
  const report = failureOf(check, 'timeout', `timed out after ${timeoutMs} ms`, measured());
  const ended = (): undefined => undefined;
  return { report, leftOver: work.then(ended, ended) };
}
