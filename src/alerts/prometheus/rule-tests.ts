import { ALERT_LEVELS, MEASURES, severityOf, type AlertLevel, type AlertRule } from '../thresholds/index.js';
import { resolvePrometheusRulesOptions, type PrometheusRulesOptions, type PrometheusRulesSettings } from './options.js';
import { burnTests } from './burn-tests.js';
import { durationText } from './promql.js';
import { expressionOf } from './expressions.js';
import { sampleAround, type Side } from './samples-of-measures.js';
import { EACH_STEP, STEP_SECONDS, type ExpectedAlert, type RuleTest, type RuleTests } from './rule-test.js';
import type { Sample } from './sample.js';
import { descriptionOf, floorOf, labelsOf } from './threshold-rules.js';
import { VALUE_FORMATS } from './value-text.js';

/**
 * Tests for `promtool test rules` of what `prometheusRules` makes of the same options: each alert is silent just on the good side
 * of its number however long, silent until its hold time is over on the other, and then there with its labels and texts.
 */
export function prometheusRuleTests(options: PrometheusRulesOptions, ruleFiles: readonly string[]): RuleTests {
  const settings = resolvePrometheusRulesOptions({ ...options, timeScale: 1 });
  const thresholds = settings.rules.flatMap((rule) =>
    ALERT_LEVELS.flatMap((level) => (rule[level] === undefined ? [] : testsOf(rule, level, settings))),
  );
  return {
    rule_files: ruleFiles,
    evaluation_interval: durationText(STEP_SECONDS),
    tests: [...thresholds, ...settings.objectives.flatMap((objective) => burnTests(objective, settings))],
  };
}

function testsOf(rule: AlertRule, level: AlertLevel, settings: PrometheusRulesSettings): RuleTest[] {
  const of = (side: Side, eachStep = EACH_STEP): Case => ({ rule, level, side, eachStep });
  const { traffic } = expressionOf(rule.measure, { labels: settings.labels, window: '5m' });
  const floor = traffic === undefined ? 0 : floorOf(traffic, settings);
  const tests = [thresholdTest(of('fine'), settings), thresholdTest(of('bad'), settings)];
  if (floor === 0) return tests;
  const quiet = thresholdTest(of('bad', (floor * STEP_SECONDS) / 2), settings);
  const silent = quiet.alert_rule_test.map((one) => ({ ...one, exp_alerts: [] }));
  return [...tests, { ...quiet, name: `${quiet.name}, with too little traffic`, alert_rule_test: silent }];
}

interface Case {
  readonly rule: AlertRule;
  readonly level: AlertLevel;
  readonly side: Side;
  readonly eachStep: number;
}

function thresholdTest({ rule, level, side, eachStep }: Case, settings: PrometheusRulesSettings): RuleTest {
  // Only for levels that the rule has.
  const { threshold, holdSeconds } = rule[level] ?? { threshold: 0, holdSeconds: 0 };
  const holdSteps = Math.ceil(holdSeconds / STEP_SECONDS);
  const sample = sampleAround(rule, threshold, side, {
    labels: settings.labels,
    steps: holdSteps + 10,
    stepSeconds: STEP_SECONDS,
    eachStep,
  });
  const fires = sample.fromStep + holdSteps;
  const times = side === 'bad' && holdSteps > 0 ? [fires - 1, fires, fires + 2] : [fires + 2];
  return {
    name: `${rule.name}, ${level}: ${side}`,
    interval: durationText(STEP_SECONDS),
    input_series: sample.series,
    alert_rule_test: times.map((step) => ({
      eval_time: durationText(step * STEP_SECONDS),
      alertname: rule.name,
      exp_alerts: expectedAt(rule, sample, step, settings),
    })),
  };
}

/** Both levels have one name: where the value is beyond both, both are there once their hold times are over. */
function expectedAt(rule: AlertRule, sample: Sample, step: number, settings: PrometheusRulesSettings): ExpectedAlert[] {
  const seconds = step * STEP_SECONDS;
  const value = sample.valueAt(seconds);
  return ALERT_LEVELS.flatMap((level) => {
    const at = rule[level];
    const severity = severityOf(rule, level);
    if (at === undefined || severity === undefined) return [];
    const isBeyond = rule.comparison === 'above' ? value > at.threshold : value < at.threshold;
    const isOver = seconds >= sample.fromStep * STEP_SECONDS + at.holdSeconds;
    if (!isBeyond || !isOver) return [];
    const shown = VALUE_FORMATS[MEASURES[rule.measure].unit].text(value);
    return [
      {
        exp_labels: { ...sample.labels, ...labelsOf(severity, settings) },
        exp_annotations: {
          summary: rule.summary,
          description: descriptionOf(rule, at.threshold, shown),
          runbook_url: rule.runbook ?? `${settings.runbooks}${rule.name}.md`,
        },
      },
    ];
  });
}
