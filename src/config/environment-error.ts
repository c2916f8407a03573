import { ConfigError } from '../core/config-error.js';

/** One variable that cannot be worked with. */
export interface EnvironmentProblem {
  readonly variable: string;
  /** What is wrong and how to cure it. Never holds a value. */
  readonly problem: string;
}

/** Every bad variable at once: whoever repairs a deployment repairs it once. Its `code` is `ERR_ENVIRONMENT`. */
export class EnvironmentError extends ConfigError {
  constructor(readonly problems: readonly EnvironmentProblem[]) {
    const lines = problems.map(({ variable, problem }) => `\n  ${variable} ${problem}`);
    super('ERR_ENVIRONMENT', 'environment', `has ${countOf(problems.length)}:${lines.join('')}`);
  }
}

function countOf(count: number): string {
  return count === 1 ? '1 problem' : `${count} problems`;
}
