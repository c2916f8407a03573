import type { Answers } from '../http/answer.js';
import type { HealthReport } from '../health-report.js';
import type { FreshReport } from './health-reports.js';

export interface FrozenAnswersSource {
  readonly now: () => number;
  /** Another text than before: what was frozen may be wrong now, however young it is. */
  validity(): string;
  report(): Promise<FreshReport>;
  answersOf(report: HealthReport): Answers;
}

interface Frozen {
  readonly validity: string;
  readonly from: number;
  readonly until: number;
  readonly answers: Answers;
}

/**
 * The same bytes for everybody until the first of the reports in them is too old, and one making of them for all who ask
 * in the meantime.
 */
export function createFrozenAnswers(source: FrozenAnswersSource): () => Answers | Promise<Answers> {
  let frozen: Frozen | undefined;
  let making: { readonly validity: string; readonly answers: Promise<Answers> } | undefined;

  async function make(validity: string): Promise<Answers> {
    const fresh = await source.report();
    const answers = source.answersOf(fresh.report);
    // What changed while the checks ran may have come too late for this report; the next one will have it.
    if (validity === source.validity()) {
      frozen = { validity, from: fresh.report.reportedAt, until: fresh.freshUntil, answers };
    }
    return answers;
  }

  return () => {
    const validity = source.validity();
    const time = source.now();
    if (frozen?.validity === validity && time >= frozen.from && time < frozen.until) return frozen.answers;
    if (making?.validity === validity) return making.answers;
    const answers = make(validity).finally(() => {
      if (making?.answers === answers) making = undefined;
    });
    making = { validity, answers };
    return answers;
  };
}
