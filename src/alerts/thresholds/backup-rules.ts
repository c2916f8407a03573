import { isInteger } from '../../core/checks.js';
import { requireOption, resolveOptions } from '../../core/options.js';
import { alertOf } from './alert-of.js';
import type { AlertRule } from './rule.js';

export interface BackupRulesOptions {
  /** Seconds that the newest backup may be old, e.g. `config.backups.rpoSeconds`; required. Nightly backups want two hours more than a day. */
  rpoSeconds: number;
}

const HOUR_SECONDS = 3600;
const DAY_HOURS = 24;
/** A week and a month, with some days in which to make up for it. */
const VERIFIED_WITHIN_HOURS = 8 * DAY_HOURS;
const DRILLED_WITHIN_HOURS = 35 * DAY_HOURS;

/**
 * Rules on what `observeBackups` shows (BKP-14): the newest backup is older than it may be, none was verified for eight days, no
 * restore was rehearsed for 35. A service that does not show it has no such alerts. Throws `ConfigError` for a wrong option.
 *
 * @example
 * createAlerts({ rules: [...ALERT_PRESETS.builder.rules, ...backupRules({ rpoSeconds: config.backups.rpoSeconds })], … });
 */
export function backupRules(options: BackupRulesOptions): readonly AlertRule[] {
  const { rpoSeconds } = resolveOptions('backupRules', options, {}, { rpoSeconds: isInteger(1) });
  requireOption('backupRules', 'rpoSeconds', rpoSeconds, 'say how old the newest backup may be');
  return [
    alertOf('backupAge', { critical: { threshold: rpoSeconds / HOUR_SECONDS, holdSeconds: 0 } }),
    alertOf('backupVerifiedAge', { warning: { threshold: VERIFIED_WITHIN_HOURS, holdSeconds: 0 } }),
    alertOf('backupDrillAge', { warning: { threshold: DRILLED_WITHIN_HOURS, holdSeconds: 0 } }),
  ];
}
