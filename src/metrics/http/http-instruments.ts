import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { counter, gauge, histogram } from '../../instruments/instruments.js';

type RequestLabel = 'method' | 'endpoint' | 'status';

export interface HttpInstruments {
  readonly requests: Counter<RequestLabel>;
  readonly durations: Histogram<RequestLabel>;
  readonly errors: Counter;
  readonly aborted: Counter;
  readonly inFlight: Gauge;
  /** One request went to `__other__`, in each metric that has these labels. */
  readonly countFolded: () => void;
}

const LABELS: readonly RequestLabel[] = ['method', 'endpoint', 'status'];
const REQUESTS = 'http_requests_total';
const DURATIONS = 'http_request_duration_seconds';

/** Those without labels show 0 from the start, so that rate() sees their first event. */
export function httpInstruments(registry: Registry, buckets: readonly number[]): HttpInstruments {
  return {
    requests: counter(registry, {
      name: REQUESTS,
      help: 'HTTP requests that are over; status 499 when the client left before the answer was complete.',
      labelNames: LABELS,
    }),
    durations: histogram(registry, {
      name: DURATIONS,
      help: 'Seconds from the arrival of an HTTP request to the end of its answer.',
      labelNames: LABELS,
      buckets,
    }),
    errors: counter(registry, {
      name: 'errors_total',
      help: 'Requests that failed on our side: answered with 500 or above, or broken off.',
    }),
    aborted: counter(registry, {
      name: 'http_requests_aborted_total',
      help: 'HTTP requests whose client left before the answer was complete.',
    }),
    inFlight: gauge(registry, {
      name: 'http_requests_in_flight',
      help: 'HTTP requests that are being answered.',
    }),
    countFolded: foldedCounter(registry),
  };
}

function foldedCounter(registry: Registry): () => void {
  const dropped = counter(registry, {
    name: 'metric_series_dropped_total',
    help: 'Observations that went to the endpoint __other__ because the metric has as many series as it may.',
    labelNames: ['metric'],
  });
  const metrics = [{ metric: REQUESTS }, { metric: DURATIONS }];
  for (const labels of metrics) dropped.inc(labels, 0);
  return () => {
    for (const labels of metrics) dropped.inc(labels);
  };
}
