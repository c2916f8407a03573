import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../repo/source-files.js';

interface NotRun {
  readonly because: string;
  /** Every command that is not run for this reason begins with one of them. */
  readonly begins: readonly string[];
}

/** The closed list: what the pages show and no test runs. */
export const LIST = JSON.parse(readFileSync(join(ROOT, 'docs/runbooks/not-run.json'), 'utf8')) as Readonly<
  Record<string, NotRun | undefined>
>;

export function mayStayOut(command: string, { begins }: NotRun): boolean {
  return begins.some((start) => command === start || command.startsWith(`${start} `));
}
