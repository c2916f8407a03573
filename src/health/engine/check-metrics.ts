import type { Registry } from 'prom-client';
import type { CheckStatus } from '../../core/health-check.js';
import { counter, gauge, histogram } from '../../instruments/instruments.js';
import type { CheckReport } from './check-report.js';

const STATUSES: readonly CheckStatus[] = ['up', 'degraded', 'down'];

/** Where runs and changes are counted. */
export interface CheckMetrics {
  observe(report: CheckReport): void;
  countTransition(check: string, to: CheckStatus): void;
  /** A check that was removed has no status any more. */
  forget(check: string): void;
}

export function createCheckMetrics(registry: Registry): CheckMetrics {
  const status = gauge(registry, {
    name: 'health_check_status',
    help: 'Status of a health check at its latest run: 1 for the status it has, 0 for the others.',
    labelNames: ['check', 'status'],
  });
  const duration = histogram(registry, {
    name: 'health_check_duration_seconds',
    help: 'How long a run of a health check took.',
    labelNames: ['check'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
  });
  const transitions = counter(registry, {
    name: 'health_check_transitions_total',
    help: 'Changes of the status of a health check.',
    labelNames: ['check', 'to'],
  });
  return {
    observe(report) {
      for (const one of STATUSES) status.set({ check: report.name, status: one }, one === report.status ? 1 : 0);
      duration.observe({ check: report.name }, report.latencyMs / 1000);
    },
    countTransition: (check, to) => transitions.inc({ check, to }),
    forget(check) {
      for (const one of STATUSES) status.remove({ check, status: one });
    },
  };
}
