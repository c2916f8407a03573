import type { ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { onCompletion, type Completion } from '../../core/completion.js';
import type { ExpressRequest, Middleware } from '../../core/middleware.js';
import { opsEndpointOf } from '../../core/ops-endpoint.js';
import { boundedLabels } from './bounded-labels.js';
import { clientLabel } from './client-label.js';
import { endpointLabel, methodLabel, statusLabel } from './label-values.js';
import { httpInstruments } from './http-instruments.js';
import { mountNames } from './mount-names.js';
import { resolveHttpMetricsOptions, type HttpMetricsOptions } from './options.js';

/**
 * Counts and times every request: `http_requests_total` and `http_request_duration_seconds` by `method`, `endpoint` and
 * `status`, `http_requests_in_flight`, `http_requests_aborted_total`, and `errors_total`. Stands early, so that what
 * later middleware answers is counted too.
 *
 * `endpoint` is the template of the route with its mount path (`/api/users/:id`), or `unmatched`; never a path as the
 * client sent it. A request whose client left before the answer was complete has the status `499`. `errors_total` grows
 * by answers of 500 and above and by answers that broke off on our side, except those of the health and metrics
 * endpoints, where a 503 is the answer to a question. Requests of the ops console are not counted. With `maxClients` the first two have `client_id` too: the `clientId`
 * that the request's context has when the answer is over, or `unknown`.
 *
 * @example
 * app.use(httpMetrics({ registry: metrics.registry }));
 */
export function httpMetrics(options: HttpMetricsOptions): Middleware {
  const settings = resolveHttpMetricsOptions(options);
  const { registry, maxSeries, maxClients } = settings;
  const { requests, durations, errors, aborted, inFlight, countFolded } = httpInstruments(registry, settings);
  const clientOf = clientLabel(maxClients);
  const labelsOf = boundedLabels({ maxSeries, nameOf: mountNames(), clientOf, onFolded: countFolded });

  function record(completion: Completion, req: ExpressRequest): void {
    inFlight.dec();
    // Looking must not change what is seen, and a page that is open for an hour is no request of an hour.
    if (opsEndpointOf(req) === 'console') return;
    const labels = labelsOf(methodLabel(completion), endpointLabel(completion), statusLabel(completion), req);
    requests.inc(labels);
    durations.observe(labels, completion.durationMs / 1000);
    if (completion.outcome === 'aborted') aborted.inc();
    if (isError(completion) && opsEndpointOf(req) === undefined) errors.inc();
  }

  return function httpMetricsMiddleware(req, res, next) {
    if (claim(res, registry)) {
      inFlight.inc();
      onCompletion(req, res, record);
    }
    next();
  };
}

function isError(completion: Completion): boolean {
  return completion.statusCode >= 500 || completion.outcome === 'errored';
}

const COUNTED_ON = Symbol('counted on');

interface WithRegistry extends ServerResponse {
  [COUNTED_ON]?: Registry;
}

/** Mounted twice, by the application and by a router of it, a request still counts once. */
function claim(res: WithRegistry, registry: Registry): boolean {
  if (res[COUNTED_ON] === registry) return false;
  res[COUNTED_ON] = registry;
  return true;
}
