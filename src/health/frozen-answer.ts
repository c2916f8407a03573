import type { Answer } from './answer.js';
import { maxAgeMs } from './engine/monitored-check.js';
import type { HealthReport } from './health-report.js';

export interface FrozenAnswerSource {
  readonly cacheTtlMs: number;
  readonly now: () => number;
  /** Another text than before: what was frozen may be wrong now, however young it is. */
  validity(): string;
  report(): Promise<HealthReport>;
  answerOf(report: HealthReport): Answer;
}

interface Frozen {
  readonly validity: string;
  readonly from: number;
  readonly until: number;
  readonly answer: Answer;
}

/**
 * The same bytes for everybody until the first of the reports in them is too old, and one making of them for all who ask
 * in the meantime.
 */
export function createFrozenAnswer(source: FrozenAnswerSource): () => Answer | Promise<Answer> {
  let frozen: Frozen | undefined;
  let making: { readonly validity: string; readonly answer: Promise<Answer> } | undefined;

  async function make(validity: string): Promise<Answer> {
    const report = await source.report();
    const answer = source.answerOf(report);
    // What changed while the checks ran may have come too late for this report; the next one will have it.
    if (validity === source.validity()) {
      frozen = { validity, from: report.reportedAt, until: freshUntil(report, source.cacheTtlMs), answer };
    }
    return answer;
  }

  return () => {
    const validity = source.validity();
    const time = source.now();
    if (frozen?.validity === validity && time >= frozen.from && time < frozen.until) return frozen.answer;
    if (making?.validity === validity) return making.answer;
    const answer = make(validity).finally(() => {
      if (making?.answer === answer) making = undefined;
    });
    making = { validity, answer };
    return answer;
  };
}

/** A check that has not answered may do so any moment, so its answer is never frozen. */
function freshUntil({ reportedAt, checks }: HealthReport, cacheTtlMs: number): number {
  if (checks.some(({ reason }) => reason === 'timeout')) return reportedAt;
  return Math.min(reportedAt + cacheTtlMs, ...checks.map((check) => check.checkedAt + maxAgeMs(check, cacheTtlMs)));
}
