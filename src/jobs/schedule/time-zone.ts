const DAY_MS = 86_400_000;

/** Times of a clock on a wall are written as the milliseconds that they would be in UTC. */
export interface Zone {
  wallAt(instant: number): number;
  /** Of a time that the clock shows twice the first; of one that it skips, as much later as it skips. */
  instantOf(wall: number): number;
}

export function zoneOf(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

  function wallAt(instant: number): number {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  }
  const offsetAt = (instant: number): number => wallAt(instant) - Math.floor(instant / 1000) * 1000;

  return {
    wallAt,
    instantOf(wall) {
      // No zone is a day away from UTC: one is surely before the time and the other after it.
      const [before, after] = [offsetAt(wall - DAY_MS), offsetAt(wall + DAY_MS)];
      const isShownAfter = before !== after && offsetAt(wall - before) !== before && offsetAt(wall - after) === after;
      return wall - (isShownAfter ? after : before);
    },
  };
}
