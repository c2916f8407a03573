import { describe, expect, it } from 'vitest';
import { nextRun } from 'express-runbook/jobs';

const next = (cron: string, after: string, timeZone?: string): string =>
  nextRun(cron, { after: new Date(after), ...(timeZone === undefined ? {} : { timeZone }) }).toISOString();

describe('the next run of a schedule', () => {
  it.each([
    ['0 2 * * *', '2026-11-22T12:00:00Z', '2026-11-23T02:00:00.000Z'],
    ['0 2 * * *', '2026-11-22T01:59:59.999Z', '2026-11-22T02:00:00.000Z'],
    ['0 2 * * *', '2026-11-22T02:00:00Z', '2026-11-23T02:00:00.000Z'],
    ['*/15 * * * *', '2026-11-22T23:50:00Z', '2026-11-23T00:00:00.000Z'],
    ['5,35 8-10/2 * * *', '2026-11-22T08:40:00Z', '2026-11-22T10:05:00.000Z'],
    ['0 22 * * 1-5', '2026-11-20T22:00:00Z', '2026-11-23T22:00:00.000Z'],
    ['0 0 1 jan *', '2026-11-22T00:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['0 0 13 * fri', '2026-11-22T00:00:00Z', '2026-11-27T00:00:00.000Z'],
    ['0 0 * * 7', '2026-11-23T00:00:00Z', '2026-11-29T00:00:00.000Z'],
    ['0 0 29 2 *', '2096-03-01T00:00:00Z', '2104-02-29T00:00:00.000Z'],
  ])('%s after %s is %s (JOB-06)', (cron, after, expected) => {
    expect(next(cron, after)).toBe(expected);
  });

  it('follows the clock of its zone through the year (JOB-06)', () => {
    expect(next('30 2 * * *', '2026-01-10T12:00:00Z', 'Europe/Berlin')).toBe('2026-01-11T01:30:00.000Z');
    expect(next('30 2 * * *', '2026-07-10T12:00:00Z', 'Europe/Berlin')).toBe('2026-07-11T00:30:00.000Z');
    expect(next('0 9 * * *', '2026-07-10T12:00:00Z', 'Asia/Kathmandu')).toBe('2026-07-11T03:15:00.000Z');
  });

  it('comes late where the clock skips its time, and once where it shows it twice (JOB-06)', () => {
    const daily = (after: string): string => next('30 2 * * *', after, 'Europe/Berlin');
    expect(daily('2026-03-28T12:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
    expect(daily('2026-03-29T01:10:00Z')).toBe('2026-03-29T01:30:00.000Z');
    expect(daily('2026-03-29T01:30:00Z')).toBe('2026-03-30T00:30:00.000Z');
    expect(daily('2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(daily('2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
  });

  it.each(['', '* * * *', '1-2-3 * * * *', '*-5 * * * *', '99 * * * *', '0 0 0 * *', '0 0 * foo *', '*/61 * * * *'])(
    'of %j there is none',
    (cron) => {
      expect(() => nextRun(cron)).toThrow(/nextRun\.cron .*\[ERR_OPTION_INVALID\]/);
    },
  );

  it('wants a zone that there is and a time that a schedule has', () => {
    expect(() => nextRun('* * * * *', { timeZone: '' })).toThrow('nextRun.timeZone must be the IANA name');
    expect(() => nextRun('* * * * *', { after: new Date(NaN) })).toThrow('nextRun.after must be a Date');
  });
});
