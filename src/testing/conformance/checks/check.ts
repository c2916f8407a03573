import type { ConformanceCheck, ConformanceVerdict } from '../report.js';
import type { Service } from '../service.js';

export type Verdict = ConformanceVerdict;

/** One promise of a service, looked at from outside. */
export interface Check extends ConformanceCheck {
  readonly run: (service: Service) => Promise<Verdict>;
}

export const PASS: Verdict = Object.freeze({ status: 'pass' });

export function fail(reason: string): Verdict {
  return { status: 'fail', reason };
}

export function skip(reason: string): Verdict {
  return { status: 'skip', reason };
}

/** Passes when there is nothing to say against it. */
export function unless(problem: string | undefined): Verdict {
  return problem === undefined ? PASS : fail(problem);
}
