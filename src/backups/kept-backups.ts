import { ConfigError } from '../core/config-error.js';
import { retentionRule, RETENTION_RULE_TEXT, type RetentionRule } from '../core/retention.js';

const DAY_MS = 86_400_000;

/**
 * Which backups a schedule keeps. Each rule keeps, for its span, the newest of each of its periods: `daily=7d` one of each day
 * (UTC) for seven days, `weekly=4w`, `monthly=12mo` (of 31 days), `hourly=2d`; `all=30d` keeps every one for thirty days. Rules add
 * up. What it does not give back has had its time; whether it may go is another question: see `express-runbook backup prune`.
 *
 * Throws `ConfigError` for a rule that is none.
 *
 * @example
 * const kept = keptBackups(manifests, ['daily=7d', 'weekly=4w', 'monthly=12mo'], Date.now());
 */
export function keptBackups<Backup extends { readonly createdAt: string }>(
  backups: readonly Backup[],
  keep: readonly string[],
  nowMs: number,
): Backup[] {
  const newestFirst = [...backups].sort((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt));
  const kept = new Set(keep.map(ruleOf).flatMap((rule) => keptBy(rule, newestFirst, nowMs)));
  return backups.filter((backup) => kept.has(backup));
}

function ruleOf(text: string): RetentionRule {
  const rule = retentionRule(text);
  if (rule === undefined)
    throw new ConfigError('ERR_OPTION_INVALID', 'keptBackups.keep', `must be ${RETENTION_RULE_TEXT}`);
  return rule;
}

function keptBy<Backup extends { readonly createdAt: string }>(
  { each, days }: RetentionRule,
  newestFirst: readonly Backup[],
  nowMs: number,
): Backup[] {
  const periods = new Set<string>();
  return newestFirst.filter(({ createdAt }) => {
    if (Date.parse(createdAt) < nowMs - days * DAY_MS) return false;
    if (each === 'all') return true;
    const period = periodOf(each, new Date(createdAt));
    const isNewest = !periods.has(period);
    periods.add(period);
    return isNewest;
  });
}

/** What two backups of the same hour, day, week or month have in common. */
function periodOf(each: Exclude<RetentionRule['each'], 'all'>, at: Date): string {
  const text = at.toISOString();
  if (each === 'hourly') return text.slice(0, 13);
  if (each === 'daily') return text.slice(0, 10);
  if (each === 'monthly') return text.slice(0, 7);
  // Weeks begin on Monday; 1970-01-01 was a Thursday.
  return String(Math.floor((at.getTime() / DAY_MS + 3) / 7));
}
