import { resolveOptions } from '../../core/options.js';
import { isScheduleDate, isTimeZone, NEXT_RUN_DEFAULTS, type NextRunOptions } from './options.js';
import { parseCron, type Cron } from './parse-cron.js';
import { zoneOf } from './time-zone.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** What a clock skips when summer begins is less. */
const SKIPPED_MS = 3 * HOUR_MS;
/** Between two leap years, when a century without one lies between them. */
const YEARS = 9;

/**
 * When a cron expression of five fields comes next (crontab(5): lists, ranges, steps, names of months and weekdays; with both
 * a day and a weekday, either is enough), on the clock of `timeZone`: for `create(…, { runAt })`, so that work waits for the
 * night. Where the clock skips the time, it is as much later; where it shows it twice, it is the first. Throws `ConfigError`
 * for an expression that is none, for a day that never comes and for an unknown zone.
 *
 * @example
 * await jobs.create('report', { month }, { runAt: nextRun('30 2 * * *', { timeZone: 'Europe/Berlin' }) });
 */
export function nextRun(cron: string, options?: NextRunOptions): Date {
  const { timeZone, after = new Date() } = resolveOptions('nextRun', options, NEXT_RUN_DEFAULTS, {
    timeZone: isTimeZone,
    after: isScheduleDate,
  });
  const schedule = parseCron(cron);
  const zone = zoneOf(timeZone);
  const reached = zone.wallAt(after.getTime());
  // A time that was skipped is before `reached` on the clock and may come after it all the same.
  const isSteady = zone.wallAt(after.getTime() - DAY_MS) === reached - DAY_MS;
  const earliest = isSteady ? reached : reached - SKIPPED_MS;
  for (const wall of wallsFrom(earliest, schedule)) {
    const instant = zone.instantOf(wall);
    if (instant > after.getTime()) return new Date(instant);
  }
  throw new Error(`unreachable: ${cron} has no run`);
}

function* wallsFrom(earliest: number, { minutes, hours, months, isDay }: Cron): Generator<number> {
  const lastYear = new Date(earliest).getUTCFullYear() + YEARS;
  for (let at = earliest - (earliest % DAY_MS); ; at += DAY_MS) {
    const date = new Date(at);
    if (date.getUTCFullYear() > lastYear) return;
    if (!months.has(date.getUTCMonth() + 1) || !isDay(date.getUTCDate(), date.getUTCDay())) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        const wall = at + hour * HOUR_MS + minute * MINUTE_MS;
        if (wall >= earliest) yield wall;
      }
    }
  }
}
