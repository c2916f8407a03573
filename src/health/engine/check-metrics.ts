import type { Registry } from 'prom-client';
import type { CheckStatus, HealthCheck } from '../../core/health-check.js';
import { counter, gauge, histogram } from '../../instruments/instruments.js';
import type { RecordedRun } from './monitored-check.js';

const STATUSES: readonly CheckStatus[] = ['up', 'degraded', 'down'];
const SHOWN = ['unknown', ...STATUSES] as const;

/** Where runs and changes are counted. */
export interface CheckMetrics {
  /** A check that has not run yet: its series exist from the beginning, so that an alert can compare with zero. */
  expect(check: Pick<HealthCheck, 'name' | 'critical'>): void;
  observe(run: RecordedRun): void;
  countTransition(check: string, to: CheckStatus): void;
  /** A check that was removed leaves no series behind: names that come and go must not collect. */
  forget(check: string): void;
}

export function createCheckMetrics(registry: Registry): CheckMetrics {
  const { status, critical, duration, lastSuccess, transitions } = instrumentsOn(registry);
  const show = (check: string, shown: (typeof SHOWN)[number]): void => {
    for (const one of SHOWN) status.set({ check, status: one }, one === shown ? 1 : 0);
  };
  return {
    expect({ name: check, critical: isCritical = true }) {
      show(check, 'unknown');
      critical.set({ check }, isCritical ? 1 : 0);
      for (const to of STATUSES) transitions.inc({ check, to }, 0);
    },
    observe({ report, hasPassed }) {
      const check = report.name;
      show(check, report.status);
      duration.observe({ check }, report.latencyMs / 1000);
      if (hasPassed) lastSuccess.set({ check }, report.checkedAt / 1000);
    },
    countTransition: (check, to) => transitions.inc({ check, to }),
    forget(check) {
      for (const one of SHOWN) status.remove({ check, status: one });
      for (const to of STATUSES) transitions.remove({ check, to });
      critical.remove({ check });
      duration.remove({ check });
      lastSuccess.remove({ check });
    },
  };
}

function instrumentsOn(registry: Registry) {
  return {
    status: gauge(registry, {
      name: 'health_check_status',
      help: 'Status of a health check: 1 for the status it has, 0 for the others; unknown until its first run.',
      labelNames: ['check', 'status'],
    }),
    critical: gauge(registry, {
      name: 'health_check_critical',
      help: '1 when the service is unusable while the check is down, else 0.',
      labelNames: ['check'],
      aggregator: 'max',
    }),
    duration: histogram(registry, {
      name: 'health_check_duration_seconds',
      help: 'How long a run of a health check took.',
      labelNames: ['check'],
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    }),
    lastSuccess: gauge(registry, {
      name: 'health_check_last_success_timestamp_seconds',
      help: 'When a run of a health check last ended up or degraded, in seconds since 1970.',
      labelNames: ['check'],
    }),
    transitions: counter(registry, {
      name: 'health_check_transitions_total',
      help: 'Changes of the status of a health check.',
      labelNames: ['check', 'to'],
    }),
  };
}
