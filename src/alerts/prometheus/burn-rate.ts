import type { Severity } from '../thresholds/index.js';
import { NOT_OPS } from './expressions.js';
import type { Objective, PrometheusRulesSettings } from './options.js';
import { durationText, numberText, series } from './promql.js';
import type { AlertingRule, RecordingRule } from './rule-file.js';
import { labelsOf, scaled } from './threshold-rules.js';
import { asPlainText, VALUE_FORMATS } from './value-text.js';

export interface BurnWindow {
  /** The budget goes so many times faster than it may. */
  readonly factor: number;
  readonly longSeconds: number;
  /** Has an alert end soon after its cause. */
  readonly shortSeconds: number;
  readonly holdSeconds: number;
  readonly severity: Severity;
}

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];

/**
 * Multiwindow, multi-burn-rate alerts for a budget of 30 days (Google's SRE workbook, chapter 5): 2 % of it in an hour, 5 % in
 * six, 10 % in a day and in three days.
 */
export const BURN_WINDOWS: readonly BurnWindow[] = [
  { factor: 14.4, longSeconds: HOUR, shortSeconds: 5 * MINUTE, holdSeconds: 2 * MINUTE, severity: 'critical' },
  { factor: 6, longSeconds: 6 * HOUR, shortSeconds: 30 * MINUTE, holdSeconds: 15 * MINUTE, severity: 'critical' },
  { factor: 3, longSeconds: DAY, shortSeconds: 2 * HOUR, holdSeconds: HOUR, severity: 'medium' },
  { factor: 1, longSeconds: 3 * DAY, shortSeconds: 6 * HOUR, holdSeconds: 3 * HOUR, severity: 'medium' },
];

/** The name of the alert on an objective, and the words of it. */
export function burnAlertOf({ withinSeconds }: Objective): { name: string; record: string; summary: string } {
  return withinSeconds === undefined
    ? { name: 'ErrorBudgetBurn', record: 'error_ratio', summary: 'Failed requests use up the error budget too fast.' }
    : { name: 'LatencyBudgetBurn', record: 'slow_ratio', summary: 'Slow requests use up the error budget too fast.' };
}

/** `job:http_requests:error_ratio_rate5m`; the name tells the window that is meant, also in a rehearsal. */
function recordOf(objective: Objective, seconds: number): string {
  return `job:http_requests:${burnAlertOf(objective).record}_rate${durationText(seconds)}`;
}

export function burnRecordings(objective: Objective, settings: PrometheusRulesSettings): RecordingRule[] {
  const windows = new Set(BURN_WINDOWS.flatMap(({ longSeconds, shortSeconds }) => [shortSeconds, longSeconds]));
  return [...windows]
    .sort((one, other) => one - other)
    .map((seconds) => ({ record: recordOf(objective, seconds), expr: badRatio(objective, seconds, settings) }));
}

export function burnAlerts(objective: Objective, settings: PrometheusRulesSettings): AlertingRule[] {
  const { name, summary } = burnAlertOf(objective);
  return BURN_WINDOWS.map((window) => {
    const { longSeconds, shortSeconds, holdSeconds, severity } = window;
    const limit = numberText(burnLimit(objective, window));
    const isBurning = (seconds: number): string =>
      `${series(recordOf(objective, seconds), settings.labels)} > ${limit}`;
    const enough = `${trafficRate(shortSeconds, settings)} >= ${numberText(settings.minPerSecond)}`;
    return {
      alert: name,
      expr: `${isBurning(longSeconds)} and ${isBurning(shortSeconds)} and ${enough}`,
      for: scaled(holdSeconds, settings),
      labels: { ...labelsOf(severity, settings), window: durationText(longSeconds) },
      annotations: {
        summary,
        description: burnDescription(objective, window, VALUE_FORMATS.ratio.template),
        runbook_url: asPlainText(`${settings.runbooks}${name}.md`),
      },
    };
  });
}

/** The share of bad requests above which the budget of 30 days would not last. */
export function burnLimit({ target }: Objective, { factor }: BurnWindow): number {
  return factor * Number((1 - target).toPrecision(12));
}

export function burnDescription(objective: Objective, window: BurnWindow, value: string): string {
  const { target, withinSeconds } = objective;
  const bad = withinSeconds === undefined ? 'answered with 5xx' : `slower than ${String(withinSeconds)} s`;
  const limit = VALUE_FORMATS.ratio.text(burnLimit(objective, window));
  const goal = VALUE_FORMATS.ratio.text(target);
  return `${value} of the requests of ${durationText(window.longSeconds)} were ${bad}, above ${limit}: the goal is ${goal}.`;
}

function badRatio({ withinSeconds }: Objective, seconds: number, settings: PrometheusRulesSettings): string {
  const window = scaled(seconds, settings);
  const rate = (name: string, ...matchers: string[]): string =>
    `sum by (job) (rate(${series(name, settings.labels, ...matchers, NOT_OPS)}[${window}]))`;
  if (withinSeconds === undefined) {
    const failed = rate('http_requests_total', 'status=~"5.."');
    const all = rate('http_requests_total');
    // Before the first failure there is no series to count it in.
    return `(${failed} or 0 * ${all}) / ${all}`;
  }
  const duration = 'http_request_duration_seconds';
  return `1 - ${rate(`${duration}_bucket`, `le="${String(withinSeconds)}"`)} / ${rate(`${duration}_count`)}`;
}

function trafficRate(seconds: number, settings: PrometheusRulesSettings): string {
  const requests = series('http_requests_total', settings.labels, NOT_OPS);
  return `sum by (job) (rate(${requests}[${scaled(seconds, settings)}]))`;
}
