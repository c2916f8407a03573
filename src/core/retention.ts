/** How long things are kept, and how many of them: `daily=7d` keeps one of each day for seven days. */
export interface RetentionRule {
  /** One of each such period; `all` keeps every one. */
  readonly each: 'all' | 'hourly' | 'daily' | 'weekly' | 'monthly';
  readonly days: number;
}

const DAYS = { d: 1, w: 7, mo: 31, y: 366 } as const;
const RULE = /^(all|hourly|daily|weekly|monthly)=([1-9][0-9]{0,4})(d|w|mo|y)$/;

/** What a rule must look like, to be said after "must be". */
export const RETENTION_RULE_TEXT =
  'all, hourly, daily, weekly or monthly with a span in d, w, mo or y, such as daily=7d';

/** The rule that a text says; undefined when it says none. */
export function retentionRule(text: string): RetentionRule | undefined {
  const [, each, count, unit] = RULE.exec(text) ?? [];
  if (each === undefined) return undefined;
  // The pattern lets only these words through.
  return { each: each as RetentionRule['each'], days: Number(count) * DAYS[unit as keyof typeof DAYS] };
}
