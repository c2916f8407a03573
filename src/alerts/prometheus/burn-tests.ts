import { BURN_WINDOWS, burnAlertOf, burnDescription, burnLimit, type BurnWindow } from './burn-rate.js';
import type { Objective, PrometheusRulesSettings } from './options.js';
import { durationText } from './promql.js';
import { EACH_STEP, STEP_SECONDS, type RuleTest } from './rule-test.js';
import { samples, type InputSeries } from './sample.js';
import { labelsOf } from './threshold-rules.js';
import { VALUE_FORMATS } from './value-text.js';

const JUST = 0.01;

/**
 * One pair of tests per window: just above its limit the alert of that window is there when its hold time is over, just below
 * it is not. Those of smaller factors hold for longer, so that they are not there yet.
 */
export function burnTests(objective: Objective, settings: PrometheusRulesSettings): RuleTest[] {
  return BURN_WINDOWS.flatMap((window) => {
    const limit = burnLimit(objective, window);
    if (limit * (1 + JUST) >= 1) return [];
    return [
      burnTest(objective, window, limit * (1 + JUST), settings),
      burnTest(objective, window, limit * (1 - JUST), settings),
    ];
  });
}

function burnTest(
  objective: Objective,
  window: BurnWindow,
  ratio: number,
  settings: PrometheusRulesSettings,
): RuleTest {
  const { name, summary } = burnAlertOf(objective);
  const isBad = ratio > burnLimit(objective, window);
  // A rate needs two samples, and the alert what was recorded before it in the same round.
  const firesAt = window.holdSeconds / STEP_SECONDS + 1;
  const { job } = settings.labels;
  const expected = {
    exp_labels: {
      ...(job === undefined ? {} : { job }),
      ...labelsOf(window.severity, settings),
      window: durationText(window.longSeconds),
    },
    exp_annotations: {
      summary,
      description: burnDescription(objective, window, VALUE_FORMATS.ratio.text(ratio)),
      runbook_url: `${settings.runbooks}${name}.md`,
    },
  };
  const at = (step: number, isThere: boolean): RuleTest['alert_rule_test'][number] => ({
    eval_time: durationText(step * STEP_SECONDS),
    alertname: name,
    exp_alerts: isThere ? [expected] : [],
  });
  return {
    name: `${name}, ${durationText(window.longSeconds)}: ${isBad ? 'bad' : 'fine'}`,
    interval: durationText(STEP_SECONDS),
    input_series: trafficWith(objective, ratio, firesAt + 5, settings),
    alert_rule_test: isBad ? [at(firesAt - 1, false), at(firesAt, true)] : [at(firesAt, false)],
  };
}

function trafficWith(
  { withinSeconds }: Objective,
  ratio: number,
  steps: number,
  { labels }: PrometheusRulesSettings,
): InputSeries[] {
  const { at, requests } = samples({ labels, steps, stepSeconds: STEP_SECONDS, eachStep: EACH_STEP });
  const bad = ratio * EACH_STEP;
  if (withinSeconds === undefined) return requests(bad);
  const duration = 'http_request_duration_seconds';
  const endpoint = { endpoint: '/api/users' };
  return [
    ...requests(),
    at(`${duration}_bucket`, { ...endpoint, le: String(withinSeconds) }, 0, EACH_STEP - bad),
    at(`${duration}_count`, endpoint, 0, EACH_STEP),
  ];
}
