import { acceptedRules, ALERT_PRESETS, type AlertRule } from 'express-runbook/alerts';

const slowSearch: AlertRule = {
  name: 'HighLatencyP95',
  measure: 'latencyP95',
  comparison: 'above',
  warning: { threshold: 0.75, holdSeconds: 600 },
  critical: { threshold: 2, holdSeconds: 300, severity: 'high' },
  summary: 'Searches take too long.',
};

/** The table of a preset, with one rule of our own in place of its. */
export const rules = acceptedRules('rules', [
  ...ALERT_PRESETS.booky.rules.filter(({ measure }) => measure !== 'latencyP95'),
  slowSearch,
]);
