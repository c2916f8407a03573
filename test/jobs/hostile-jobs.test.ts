import { describe, expect, it } from 'vitest';
import { nextRun } from 'express-runbook/jobs';
import { SCHEDULES } from '../corpus/schedules.js';
import { CHANNELS, LARGE_PAYLOAD } from '../corpus/sql-names.js';
import { workplace } from './workplace.js';

const place = workplace();
const AFTER = new Date('2026-11-22T12:00:00Z');

/** What each of the corpus comes to: a time, or what is said of it. */
const EXPECTED: Readonly<Record<string, string>> = {
  '0 0 30 2 *': 'names a day that never comes',
  '0 0 31 4,6 *': 'names a day that never comes',
  '60 * * * *': 'no valid minute',
  '*/0 * * * *': 'no valid minute',
  '5-1 * * * *': 'no valid minute',
  '* * * * * * *': 'must have five fields',
  '@every 1ms': 'must have five fields',
  '0 0 29 2 *': '2028-02-29T00:00:00.000Z',
  '0 0 L * *': 'no valid day',
  '0 0 15W * *': 'no valid day',
  '0 0 * * 5#3': 'no valid weekday',
  '0 0 * * mon-sun': '2026-11-23T00:00:00.000Z',
  '0 0 * * *': 'must be the IANA name of a time zone',
  // Half past two is skipped on 29 March 2026 and 2027 has its change on the 28th, so this is an ordinary time.
  '30 2 29 3 *': '2027-03-29T00:30:00.000Z',
  '30 2 25 10 *': '2027-10-25T00:30:00.000Z',
};

describe('a schedule that nobody means', () => {
  it.each(SCHEDULES)('$id is refused or has its next run, within 10 ms of processor time', ({ cron, timeZone }) => {
    const options = { after: AFTER, ...(timeZone === undefined ? {} : { timeZone }) };
    const outcome = (): string => {
      try {
        return nextRun(cron, options).toISOString();
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(outcome()).toContain(EXPECTED[cron] ?? 'at most 1000 characters');
    // The least of some: what else the process does in the meantime is not the schedule's.
    const times = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      outcome();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    expect(Math.min(...times)).toBeLessThan(10);
  });
});

describe('a name that is more than letters', () => {
  it.each(CHANNELS)('$id runs nothing as the type of a job: $what', async ({ name }) => {
    const worker = place.worker({ types: { [name]: { run: (payload: unknown) => payload } } });
    worker.start();
    const id = await worker.create(name, { is: 'whole' }).catch((error: unknown) => error);
    if (typeof id === 'string') await place.hasBecome(id, 'completed');
    // graphile-worker's own bound is 128 characters, above that of a name of PostgreSQL: all of these are types.
    expect(id).toEqual(expect.any(String));
    expect(await worker.find(String(id))).toMatchObject({ type: name, result: { is: 'whole' } });
  });

  it('230 loses nothing of a payload that no notification would carry', async () => {
    const worker = place.worker({ types: { echo: { run: ({ text }: { text: string }) => text.length } } });
    worker.start();
    const id = await worker.create('echo', { text: LARGE_PAYLOAD.text });
    expect(await place.hasBecome(id, 'completed')).toMatchObject({ result: LARGE_PAYLOAD.text.length });
  });
});
