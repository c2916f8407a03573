import { InvalidArgumentError } from 'commander';
import { said, UNIT_SECONDS } from '../option-values.js';

const AGO = /^(\d{1,6})([smhdw])$/;
const WRITTEN = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?))?(Z|[+-]\d\d:\d\d)?$/;

/** A moment as lines have it: so long ago (`90m`), or written out; without an offset in UTC, as the lines are. */
export function moment(value: string, before: unknown): string {
  const text = said(value, before).trim();
  const [, amount, unit = ''] = AGO.exec(text) ?? [];
  if (amount !== undefined) return new Date(Date.now() - Number(amount) * (UNIT_SECONDS[unit] ?? 0) * 1000).toISOString();
  const [, day, time = '00:00', zone = 'Z'] = WRITTEN.exec(text) ?? [];
  const at = new Date(`${String(day)}T${time}${zone}`);
  if (day !== undefined && !Number.isNaN(at.getTime())) return at.toISOString();
  throw new InvalidArgumentError('It must be so long ago (90m, 24h, 7d) or a moment such as 2024-11-06T12:00:00Z.');
}
