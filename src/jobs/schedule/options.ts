import type { OptionCheck } from '../../core/options.js';

export interface NextRunOptions {
  /**
   * Whose clock the schedule is meant for, by its IANA name, e.g. `Europe/Berlin`.
   * @default 'UTC'
   */
  timeZone?: string;
  /**
   * The run is after this time.
   * @default now
   */
  after?: Date;
}

export const NEXT_RUN_DEFAULTS = Object.freeze({ timeZone: 'UTC' });

/** Within these years every schedule has a run that a Date can hold, and no calendar changes under it. */
const FROM = Date.UTC(1970, 0, 1);
const TO = Date.UTC(9000, 0, 1);

export const isScheduleDate: OptionCheck = (value) =>
  value instanceof Date && value.getTime() >= FROM && value.getTime() < TO
    ? undefined
    : 'must be a Date from 1970 to 8999';

export const isTimeZone: OptionCheck = (value) => {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: String(value) });
    return typeof value === 'string' ? undefined : 'must be the IANA name of a time zone';
  } catch {
    return 'must be the IANA name of a time zone, such as Europe/Berlin';
  }
};
