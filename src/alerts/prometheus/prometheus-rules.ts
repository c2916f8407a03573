import { burnAlerts, burnRecordings } from './burn-rate.js';
import { resolvePrometheusRulesOptions, type PrometheusRulesOptions } from './options.js';
import type { RuleFile } from './rule-file.js';
import { thresholdRules } from './threshold-rules.js';

/**
 * The content of a Prometheus rule file: an alert for each level of each rule, and for each objective the recorded ratios and
 * the alerts on how fast its error budget goes. Plain data; JSON is YAML, so `JSON.stringify` makes a file of it.
 * Throws `ConfigError` for a rule that cannot be watched.
 *
 * @example
 * const rules = prometheusRules({ rules: ALERT_PRESETS.booky.rules, objectives: [{ target: 0.999 }] });
 */
export function prometheusRules(options: PrometheusRulesOptions): RuleFile {
  const settings = resolvePrometheusRulesOptions(options);
  const thresholds = { name: 'thresholds', rules: thresholdRules(settings) };
  const budgets = settings.objectives.flatMap((objective) => [
    ...burnRecordings(objective, settings),
    ...burnAlerts(objective, settings),
  ]);
  return { groups: [thresholds, { name: 'error-budgets', rules: budgets }].filter(({ rules }) => rules.length > 0) };
}
