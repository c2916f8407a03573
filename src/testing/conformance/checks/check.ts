import type { Service } from '../service.js';

export type Verdict =
  | { readonly status: 'pass' }
  /** A failed check says what was seen; a skipped one what it would need. */
  | { readonly status: 'fail' | 'skip'; readonly reason: string };

/** One promise of a service, looked at from outside. */
export interface Check {
  /** Stays the same from version to version. */
  readonly id: string;
  readonly title: string;
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
