import { TIMED_OUT, withDeadline } from '../../core/deadline.js';
import type { CheckReport } from './check-report.js';
import type { MonitoredCheck } from './monitored-check.js';

export interface Answered {
  readonly report: CheckReport;
  /** By the router's clock, when the report is too old. */
  readonly freshUntil: number;
}

/** What a check says within the time that an answer can wait; later it still fills the cache. */
export async function answerInTime(one: MonitoredCheck, maxPassAgeMs: number, deadlineMs: number): Promise<Answered> {
  const read = one.read(maxPassAgeMs);
  const finding = read instanceof Promise ? await withDeadline(read, deadlineMs) : read;
  // A check that has not answered may do so any moment.
  if (finding === TIMED_OUT) return { report: one.reportUnanswered(deadlineMs), freshUntil: -Infinity };
  return { report: finding.report, freshUntil: one.freshUntil(finding, maxPassAgeMs) };
}
