import { counter, gauge, histogram } from '../../instruments/instruments.js';
import { wordCounter } from '../../instruments/word-counter.js';
import type { ServiceErrorCode } from '../service-error.js';
import type { ServiceClientSettings } from './options.js';

const BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface ClientMetrics {
  attempted(operation: string, seconds: number): void;
  failed(code: ServiceErrorCode): void;
  retried(): void;
  fellBack(): void;
  /** A call that was not even tried. */
  refused(code: ServiceErrorCode): void;
  up(isUp: boolean): void;
}

const nothing = (): void => undefined;
const NO_METRICS: ClientMetrics = Object.freeze({
  attempted: nothing,
  failed: nothing,
  retried: nothing,
  fellBack: nothing,
  refused: nothing,
  up: nothing,
});

/** Labels are the service, its operations and our own codes: short lists, and bounded beside that. */
export function clientMetrics(settings: ServiceClientSettings, underWay: () => number): ClientMetrics {
  const { registry, name: service, durationMetric, errorsMetric } = settings;
  if (registry === undefined) return NO_METRICS;
  const duration = histogram(registry, {
    name: durationMetric,
    help: 'Time of one attempt to call another service, with its body',
    labelNames: ['service', 'operation'],
    buckets: BUCKETS,
  });
  const errors = counter(registry, {
    name: errorsMetric,
    help: 'Attempts to call another service that failed',
    labelNames: ['service', 'code'],
  });
  errors.inc({ service, code: 'ERR_SERVICE_FAILED' }, 0);
  const refused = counter(registry, {
    name: 'external_requests_refused_total',
    help: 'Calls of another service that were not tried: its circuit was open, or too many were under way',
    labelNames: ['service', 'code'],
  });
  refused.inc({ service, code: 'ERR_SERVICE_OPEN' }, 0);
  const up = gauge(registry, {
    name: 'external_service_up',
    help: '1 while the circuit of the service is closed, else 0',
    labelNames: ['service'],
    aggregator: 'min',
  });
  up.set({ service }, 1);
  showUnderWay(settings, underWay);
  return {
    attempted: (operation, seconds) => {
      duration.observe({ service, operation }, seconds);
    },
    failed: (code) => {
      errors.inc({ service, code });
    },
    retried: counted(settings, 'external_request_retries_total', 'Attempts to call another service after the first'),
    fellBack: counted(settings, 'external_fallbacks_total', 'Calls that were handed to the fallback of a service'),
    refused: (code) => {
      refused.inc({ service, code });
    },
    up: (isUp) => {
      up.set({ service }, isUp ? 1 : 0);
    },
  };
}

function counted({ registry, name: service }: ServiceClientSettings, name: string, help: string): () => void {
  const count = wordCounter(registry, { name, help, label: 'service', words: [service] });
  return () => {
    count(service);
  };
}

function showUnderWay({ registry, name: service }: ServiceClientSettings, underWay: () => number): void {
  if (registry === undefined) return;
  const shown = gauge(registry, {
    name: 'external_requests_in_flight',
    help: 'Attempts to call another service that are under way',
    labelNames: ['service'],
    collect() {
      this.set({ service }, underWay());
    },
  });
  shown.set({ service }, underWay());
}
