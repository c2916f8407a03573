import { isInteger, isListOf, isNumber, isObject, isOneOf, isText } from '../../core/checks.js';
import { ConfigError } from '../../core/config-error.js';
import { nearest } from '../../core/nearest.js';
import { describe, requireOption, resolveOptions, type OptionCheck } from '../../core/options.js';
import { MEASURE_NAMES, MEASURES } from './measures.js';
import type { AlertRule, AlertThreshold } from './rule.js';
import { SEVERITIES } from './severity.js';

const MAX_HOLD_SECONDS = 30 * 86_400;
/** It is the name of a file and of a label, too. */
const NAME = /^[A-Z][A-Za-z0-9]{0,99}$/;

/** The rules as they are, when each can be watched. Throws `ConfigError` that names the rule and what is wrong with it. */
export function acceptedRules(scope: string, rules: readonly AlertRule[]): readonly AlertRule[] {
  const problem = isListOf(isObject)(rules);
  if (problem !== undefined) throw new ConfigError('ERR_OPTION_INVALID', scope, problem);
  const names = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    const place = `${scope}[${String(index)}]`;
    acceptRule(place, rule);
    if (names.has(rule.name)) {
      throw new ConfigError('ERR_OPTION_CONFLICT', `${place}.name`, `${rule.name} is the name of an earlier rule too`);
    }
    names.add(rule.name);
  }
  return rules;
}

function acceptRule(place: string, rule: AlertRule): void {
  resolveOptions<AlertRule, object>(
    place,
    rule,
    {},
    {
      name: isName,
      measure: isMeasure,
      comparison: isOneOf(['above', 'below']),
      warning: isObject,
      critical: isObject,
      summary: isText,
      runbook: isText,
    },
  );
  for (const name of ['name', 'measure', 'comparison', 'summary'] as const) {
    requireOption(place, name, rule[name], 'a rule has name, measure, comparison and summary');
  }
  for (const level of ['warning', 'critical'] as const) acceptThreshold(`${place}.${level}`, rule[level]);
  if (rule.warning === undefined && rule.critical === undefined) {
    throw new ConfigError('ERR_OPTION_REQUIRED', place, 'needs warning, critical or both');
  }
  refuseReversed(place, rule);
}

function acceptThreshold(place: string, given: AlertThreshold | undefined): void {
  if (given === undefined) return;
  resolveOptions<AlertThreshold, object>(
    place,
    given,
    {},
    {
      threshold: isNumber(-Number.MAX_VALUE, Number.MAX_VALUE),
      holdSeconds: isInteger(0, MAX_HOLD_SECONDS),
      severity: isOneOf(SEVERITIES),
    },
  );
  requireOption(place, 'threshold', given.threshold, 'say the number that is still fine');
  requireOption(place, 'holdSeconds', given.holdSeconds, '0 tells at once');
}

/** What is critical would be told without ever having been a warning. */
function refuseReversed(place: string, { comparison, warning, critical }: AlertRule): void {
  if (warning === undefined || critical === undefined) return;
  const [from, to] = comparison === 'above' ? [warning, critical] : [critical, warning];
  if (from.threshold <= to.threshold) return;
  const problem = `must be ${comparison} that of the warning, or equal to it, got ${describe(critical.threshold)}`;
  throw new ConfigError('ERR_OPTION_CONFLICT', `${place}.critical.threshold`, problem);
}

const isName: OptionCheck = (value) =>
  typeof value === 'string' && NAME.test(value) ? undefined : 'must be in CamelCase, of at most 100 letters and digits';

const isMeasure: OptionCheck = (value) => {
  if (typeof value === 'string' && Object.hasOwn(MEASURES, value)) return undefined;
  const guess = typeof value === 'string' ? nearest(value, MEASURE_NAMES) : undefined;
  return guess === undefined
    ? `must be one of ${MEASURE_NAMES.join(', ')}`
    : `is not a measure; did you mean ${guess}?`;
};
