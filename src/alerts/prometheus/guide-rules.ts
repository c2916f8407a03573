import type { RuleFile } from './rule-file.js';

/**
 * The rules that two operations guides print, as they print them. `rate(…) > 0.05` is errors per second and not their share,
 * each endpoint and status for itself: on a busy service a few errors are an alert, on a quiet one an outage is none. The rules
 * that `prometheusRules` makes are what is meant; these are for those who want what is written.
 */
export const GUIDE_RULES: RuleFile = {
  groups: [
    {
      name: 'codebook_alerts',
      rules: [
        {
          alert: 'HighErrorRate',
          expr: 'rate(http_requests_total{status=~"5.."}[5m]) > 0.05',
          for: '5m',
          labels: { severity: 'critical' },
          annotations: {
            summary: 'High error rate detected',
            description: 'Error rate is {{ $value }} for {{ $labels.endpoint }}',
          },
        },
      ],
    },
    {
      name: 'booky-alerts',
      rules: [
        {
          alert: 'HighErrorRate',
          expr: 'rate(errors_total[5m]) > 0.01',
          for: '5m',
          labels: { severity: 'warning' },
          annotations: { summary: 'High error rate detected' },
        },
        {
          alert: 'HighLatency',
          expr: 'histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m])) > 1',
          for: '5m',
          labels: { severity: 'warning' },
          annotations: { summary: 'High latency detected' },
        },
      ],
    },
  ],
};
