import { CommandError } from '../exit-codes.js';
import type { AnyCheck } from './doctor-check.js';
import { CHECKS } from './registry.js';

/** The checks that were asked for: by id, or by the word before the dot for a whole group. */
export function chosenChecks(only: readonly string[], skipped: readonly string[]): readonly AnyCheck[] {
  for (const said of [...only, ...skipped]) {
    if (CHECKS.some((one) => isMeant(one, said))) continue;
    const groups = [...new Set(CHECKS.map(({ id }) => id.split('.')[0]))];
    throw new CommandError(
      `there is no check ${JSON.stringify(said)}; groups: ${groups.join(', ')}, and docs/cli.md has every id`,
    );
  }
  const isAsked = (one: AnyCheck): boolean => only.length === 0 || only.some((said) => isMeant(one, said));
  return CHECKS.filter((one) => isAsked(one) && !skipped.some((said) => isMeant(one, said)));
}

function isMeant({ id }: AnyCheck, said: string): boolean {
  return id === said || id.startsWith(`${said}.`);
}
