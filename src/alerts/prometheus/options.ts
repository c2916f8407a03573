import { isListOf, isNumber, isObject } from '../../core/checks.js';
import { ConfigError } from '../../core/config-error.js';
import { resolveOptions, type OptionCheck, type Resolved } from '../../core/options.js';
import { acceptedRules, type AlertRule, type IncidentLevel } from '../thresholds/index.js';
import type { Labels } from './promql.js';

/** What a service promises, over the long run. */
export interface Objective {
  /** Share of the requests that are to be good: 0.999. */
  readonly target: number;
  /**
   * Good is what is answered within so many seconds; it must be a bucket of `http_request_duration_seconds`.
   * @default good is what is not answered with 5xx
   */
  readonly withinSeconds?: number;
}

export interface PrometheusRulesOptions {
  /**
   * What to alert on.
   * @default []
   */
  rules?: readonly AlertRule[];
  /**
   * Each alert carries the name of its level as the label `incident_level`.
   * @default []
   */
  incidentLevels?: readonly IncidentLevel[];
  /**
   * Promises whose error budget is watched: at most one about errors and one about time.
   * @default []
   */
  objectives?: readonly Objective[];
  /**
   * Labels of the series of the service, which its scrape gives them.
   * @default `{ job: 'service' }`
   */
  labels?: Labels;
  /**
   * Requests per second, or lookups of a cache, below which a share says nothing and no alert is made of one.
   * @default 0.1
   */
  minPerSecond?: number;
  /**
   * Addresses of runbooks begin with this; their file names follow.
   * @default 'runbooks/'
   */
  runbooks?: string;
  /**
   * All windows and hold times times this, for rehearsals: 0.02 makes 6 seconds of 5 minutes.
   * @default 1
   */
  timeScale?: number;
}

export const PROMETHEUS_RULES_DEFAULTS = Object.freeze({
  rules: Object.freeze([]),
  incidentLevels: Object.freeze([]),
  objectives: Object.freeze([]),
  labels: Object.freeze({ job: 'service' }),
  minPerSecond: 0.1,
  runbooks: 'runbooks/',
  timeScale: 1,
});

export type PrometheusRulesSettings = Resolved<PrometheusRulesOptions, typeof PROMETHEUS_RULES_DEFAULTS>;

const SCOPE = 'prometheusRules';
const LABEL = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function resolvePrometheusRulesOptions(options: PrometheusRulesOptions): PrometheusRulesSettings {
  const settings = resolveOptions(SCOPE, options, PROMETHEUS_RULES_DEFAULTS, {
    rules: isListOf(isObject),
    incidentLevels: isListOf(isObject),
    objectives: isListOf(isObjective),
    labels: areLabels,
    minPerSecond: isNumber(0, 1000),
    runbooks: (value) => (typeof value === 'string' ? undefined : 'must be a string'),
    timeScale: isNumber(0.001, 1),
  });
  acceptedRules(`${SCOPE}.rules`, settings.rules);
  const kinds = settings.objectives.map(({ withinSeconds }) => withinSeconds === undefined);
  if (new Set(kinds).size < kinds.length) {
    throw new ConfigError('ERR_OPTION_CONFLICT', `${SCOPE}.objectives`, 'two of them are about the same: keep one');
  }
  return settings;
}

const isObjective: OptionCheck = (value) => {
  const { target, withinSeconds } = (value ?? {}) as Partial<Objective>;
  if (typeof target !== 'number' || !(target > 0 && target < 1)) return 'needs a target between 0 and 1, such as 0.999';
  return withinSeconds === undefined ? undefined : isNumber(0.001, 3600)(withinSeconds);
};

const areLabels: OptionCheck = (value) => {
  const problem = isObject(value);
  if (problem !== undefined) return problem;
  const isFine = ([name, text]: [string, unknown]): boolean => LABEL.test(name) && typeof text === 'string';
  return Object.entries(value as object).every(isFine) ? undefined : 'must have names of labels with texts as values';
};
