import { InvalidArgumentError } from 'commander';
import { said } from '../../option-values.js';

const WRITTEN = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?) ?(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/;

/** A moment, or the end of all that was archived. */
export type RecoveryTarget = Date | 'latest';

/** A moment as runbooks write it, `2024-11-06 12:00:00`; without an offset on the clock of this machine. */
export function recoveryTarget(value: string, before: unknown): RecoveryTarget {
  if (said(value, before) === 'latest') return 'latest';
  const [, day, time, zone = ''] = WRITTEN.exec(value.trim()) ?? [];
  const offset = zone
    .replace('UTC', 'Z')
    .replace(/^([+-]\d\d):?(\d\d)?$/, (_, hours: string, minutes = '00') => `${hours}:${minutes}`);
  const at = new Date(`${String(day)}T${String(time)}${offset}`);
  if (day !== undefined && !Number.isNaN(at.getTime())) return at;
  throw new InvalidArgumentError(
    'It must be a moment such as "2024-11-06 12:00:00" or 2024-11-06T12:00:00Z, or latest.',
  );
}

export function targetText(target: RecoveryTarget): string {
  return target === 'latest' ? 'the end of the archive' : target.toISOString();
}
