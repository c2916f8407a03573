import { ConfigError } from '../../core/config-error.js';

/** What a cron expression means. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** 1 to 12. */
  readonly months: ReadonlySet<number>;
  /** Day of the month from 1, day of the week from 0, which is Sunday. */
  readonly isDay: (day: number, weekday: number) => boolean;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Words for the numbers from `min` on. */
  readonly words?: readonly string[];
}

const MAX_CHARACTERS = 1000;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MINUTE: Field = { name: 'minute', min: 0, max: 59 };
const HOUR: Field = { name: 'hour', min: 0, max: 23 };
const DAY: Field = { name: 'day', min: 1, max: 31 };
const MONTH: Field = { name: 'month', min: 1, max: 12, words: MONTHS };
// 7 is Sunday as well.
const WEEKDAY: Field = { name: 'weekday', min: 0, max: 7, words: WEEKDAYS };

/** The five fields of crontab(5), with lists, ranges, steps and names. Throws `ConfigError` for anything else, and for days that never come. */
export function parseCron(text: unknown): Cron {
  if (typeof text !== 'string') throw wrong('must be a string of five fields');
  if (text.length > MAX_CHARACTERS) throw wrong(`must have at most ${String(MAX_CHARACTERS)} characters`);
  const parts = text.trim().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts;
  if (parts.length !== 5) throw wrong(`must have five fields (minute hour day month weekday), got ${parts.length}`);
  const months = numbersIn(month, MONTH);
  const days = new Set(numbersIn(day, DAY));
  const weekdays = new Set(numbersIn(weekday, WEEKDAY).map((number) => number % 7));
  const isEither = !day.startsWith('*') && !weekday.startsWith('*');
  const first = Math.min(...days);
  if (weekday.startsWith('*') && !months.some((number) => (LONGEST[number - 1] ?? 0) >= first)) {
    throw wrong(`names a day that never comes: no such month has ${first} days`);
  }
  return {
    minutes: numbersIn(minute, MINUTE),
    hours: numbersIn(hour, HOUR),
    months: new Set(months),
    // crontab(5): where both are restricted, either is enough.
    isDay: (of, on) => (isEither ? days.has(of) || weekdays.has(on) : days.has(of) && weekdays.has(on)),
  };
}

/** In their order. */
function numbersIn(text: string, field: Field): number[] {
  const all = text.split(',').flatMap((item) => range(item, field));
  return [...new Set(all)].sort((one, other) => one - other);
}

function range(item: string, field: Field): number[] {
  const [, start, end, by] = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/i.exec(item) ?? [];
  if (start === undefined || (start === '*' && end !== undefined)) throw wrongField(field);
  const from = start === '*' ? field.min : numberOf(start, field);
  const upTo = end === undefined ? (start === '*' || by !== undefined ? field.max : from) : numberOf(end, field);
  // A week may end with its Sunday.
  const to = field === WEEKDAY && upTo === 0 && from > 0 ? 7 : upTo;
  const step = Number(by ?? 1);
  if (to < from || step < 1 || step > field.max) throw wrongField(field);
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

function numberOf(text: string, field: Field): number {
  const word = field.words?.indexOf(text.toLowerCase()) ?? -1;
  const number = word >= 0 ? field.min + word : Number(text);
  if (!/^\d{1,2}$/.test(text) && word < 0) throw wrongField(field);
  if (number < field.min || number > field.max) throw wrongField(field);
  return number;
}

function wrongField({ name, min, max, words }: Field): ConfigError {
  const names = words === undefined ? '' : `, or ${words[0] ?? ''}-${words.at(-1) ?? ''}`;
  return wrong(`has no valid ${name}: numbers from ${min} to ${max}${names}, as lists, ranges and steps`);
}

function wrong(problem: string): ConfigError {
  return new ConfigError('ERR_OPTION_INVALID', 'nextRun.cron', problem);
}
