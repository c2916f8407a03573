export const PERIODS = ['day', 'month'] as const;
export type Period = (typeof PERIODS)[number];

export interface CalendarPeriod {
  /** `2026-11` or `2026-11-22`. */
  readonly id: string;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** The day or month of UTC that `time` is in. */
export function periodAt(time: number, per: Period): CalendarPeriod {
  const date = new Date(time);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const iso = date.toISOString();
  return per === 'day'
    ? {
        id: iso.slice(0, 'yyyy-mm-dd'.length),
        startsAt: Date.UTC(year, month, day),
        endsAt: Date.UTC(year, month, day + 1),
      }
    : { id: iso.slice(0, 'yyyy-mm'.length), startsAt: Date.UTC(year, month), endsAt: Date.UTC(year, month + 1) };
}
