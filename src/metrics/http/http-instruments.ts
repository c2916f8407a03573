import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { seriesDropped } from '../../instruments/bounded-series.js';
import { counter, gauge, histogram } from '../../instruments/instruments.js';
import type { HttpMetricsSettings } from './options.js';

type RequestLabel = 'method' | 'endpoint' | 'status' | 'client_id';

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

/** Their labels are bounded by who counts, once for both. Those without labels show 0 from the start, so that rate() sees their first event. */
export function httpInstruments(registry: Registry, { buckets, maxClients }: HttpMetricsSettings): HttpInstruments {
  const labelNames = maxClients === 0 ? LABELS : [...LABELS, 'client_id' as const];
  return {
    requests: counter(registry, {
      name: REQUESTS,
      help: 'HTTP requests that are over; status 499 when the client left before the answer was complete.',
      labelNames,
      maxSeries: Infinity,
    }),
    durations: histogram(registry, {
      name: DURATIONS,
      help: 'Seconds from the arrival of an HTTP request to the end of its answer.',
      labelNames,
      maxSeries: Infinity,
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
  const dropped = seriesDropped(registry);
  const metrics = [{ metric: REQUESTS }, { metric: DURATIONS }];
  for (const labels of metrics) dropped.inc(labels, 0);
  return () => {
    for (const labels of metrics) dropped.inc(labels);
  };
}
