/** When a job is to run: inputs 231 to 242 of the corpus. Expected: an error, or the next run within 10 ms of processor time. */
export interface Schedule {
  readonly id: number;
  readonly cron: string;
  readonly timeZone?: string;
}

const schedule = (id: number, ...crons: string[]): Schedule[] => crons.map((cron) => ({ id, cron }));

export const SCHEDULES: readonly Schedule[] = [
  ...schedule(231, '0 0 30 2 *', '0 0 31 4,6 *'),
  ...schedule(232, '60 * * * *'),
  ...schedule(233, '*/0 * * * *'),
  ...schedule(234, '5-1 * * * *'),
  ...schedule(235, '* * * * * * *'),
  ...schedule(236, '@every 1ms'),
  ...schedule(237, `${'0,'.repeat(5000)}0 * * * *`),
  ...schedule(238, '0 0 29 2 *'),
  ...schedule(239, '0 0 L * *', '0 0 15W * *', '0 0 * * 5#3'),
  ...schedule(240, '0 0 * * mon-sun'),
  { id: 241, cron: '0 0 * * *', timeZone: 'Mars/Phobos' },
  { id: 242, cron: '30 2 29 3 *', timeZone: 'Europe/Berlin' },
  { id: 242, cron: '30 2 25 10 *', timeZone: 'Europe/Berlin' },
];
