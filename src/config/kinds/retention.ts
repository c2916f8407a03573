import { retentionRule, RETENTION_RULE_TEXT } from '../../core/retention.js';
import type { Kind } from './kind.js';

/** Which backups are kept: rules with commas between them. */
export function retention(): Kind<string[]> {
  return {
    accepts: 'rules: `all=30d`, `daily=7d,weekly=4w,monthly=12mo`',
    read(text) {
      const value = text.split(',').map((rule) => rule.trim());
      const isGood = value.every((rule) => retentionRule(rule) !== undefined);
      return isGood ? { value } : { problem: `must be a list of rules, each ${RETENTION_RULE_TEXT}` };
    },
  };
}
