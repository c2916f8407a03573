import {
  ALERT_LEVELS,
  incidentLevelOf,
  MEASURES,
  severityOf,
  type AlertLevel,
  type AlertRule,
  type AlertThreshold,
  type Severity,
} from '../thresholds/index.js';
import { expressionOf, WINDOW_SECONDS, type Traffic } from './expressions.js';
import type { PrometheusRulesSettings } from './options.js';
import { durationText, numberText } from './promql.js';
import type { AlertingRule } from './rule-file.js';
import { asPlainText, VALUE_FORMATS } from './value-text.js';

/** Of the floor of requests: so many calls of a language model are enough. */
const RARE = 0.1;

/** One alert per level of each rule; both levels have the name of the rule. */
export function thresholdRules(settings: PrometheusRulesSettings): AlertingRule[] {
  return settings.rules.flatMap((rule) =>
    ALERT_LEVELS.flatMap((level) => {
      const threshold = rule[level];
      return threshold === undefined ? [] : [alertingRule(rule, level, threshold, settings)];
    }),
  );
}

function alertingRule(
  rule: AlertRule,
  level: AlertLevel,
  { threshold, holdSeconds }: AlertThreshold,
  settings: PrometheusRulesSettings,
): AlertingRule {
  const sign = rule.comparison === 'above' ? '>' : '<';
  const { value, traffic } = expressionOf(rule.measure, {
    labels: settings.labels,
    window: scaled(WINDOW_SECONDS, settings),
  });
  const floor = traffic === undefined ? 0 : floorOf(traffic, settings);
  const enough = traffic === undefined || floor === 0 ? '' : ` and ${traffic.rate} >= ${numberText(floor)}`;
  return {
    alert: rule.name,
    expr: `${value} ${sign} ${numberText(threshold)}${enough}`,
    ...(holdSeconds === 0 ? {} : { for: scaled(holdSeconds, settings) }),
    labels: labelsOf(severityOf(rule, level) ?? 'low', settings),
    annotations: {
      summary: asPlainText(rule.summary),
      description: descriptionOf(rule, threshold, VALUE_FORMATS[MEASURES[rule.measure].unit].template),
      runbook_url: asPlainText(rule.runbook ?? `${settings.runbooks}${rule.name}.md`),
    },
  };
}

/** Of traffic, per second. */
export function floorOf({ isRare = false }: Traffic, { minPerSecond }: PrometheusRulesSettings): number {
  return isRare ? minPerSecond * RARE : minPerSecond;
}

/** With the value in place of the template it is what Prometheus makes of it. */
export function descriptionOf({ measure, comparison }: AlertRule, threshold: number, value: string): string {
  const { title, unit } = MEASURES[measure];
  return `${title}: ${value}, ${comparison} ${VALUE_FORMATS[unit].text(threshold)}.`;
}

export function labelsOf(
  severity: Severity,
  { incidentLevels }: PrometheusRulesSettings,
): Readonly<Record<string, string>> {
  const level = incidentLevelOf(incidentLevels, severity);
  return { severity, ...(level === undefined ? {} : { incident_level: asPlainText(level.name) }) };
}

/** A window or a hold time; never shorter than a second. */
export function scaled(seconds: number, { timeScale }: PrometheusRulesSettings): string {
  return durationText(Math.max(1, Math.ceil(seconds * timeScale)));
}
