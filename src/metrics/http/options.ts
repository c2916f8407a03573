import type { Registry } from 'prom-client';
import { isInteger, isRegistry } from '../../core/checks.js';
import { requireOption, resolveOptions, type OptionCheck, type Resolved } from '../../core/options.js';

export interface HttpMetricsOptions {
  /** Where to count; required. */
  registry: Registry;
  /**
   * Combinations of method, endpoint, status and client that are kept apart, per metric; what comes after them goes to the
   * endpoint `__other__` and is counted in `metric_series_dropped_total`.
   * @default 1000
   */
  maxSeries?: number;
  /**
   * Clients that the label `client_id` tells apart, by the `clientId` of the request's context; those that come after them
   * share `__other__` and are counted in `metric_series_dropped_total`. Each has every series of its own, so `maxSeries` has to
   * grow with it. 0 leaves the label out.
   * @default 0
   */
  maxClients?: number;
  /**
   * Upper bounds of the duration histogram in seconds, ascending: OpenTelemetry's for HTTP servers
   * (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/) plus 0.3 and 2.
   * @default [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.3, 0.5, 0.75, 1, 2, 2.5, 5, 7.5, 10]
   */
  buckets?: readonly number[];
}

export const HTTP_METRICS_DEFAULTS = Object.freeze({
  maxSeries: 1000,
  maxClients: 0,
  buckets: Object.freeze([0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.3, 0.5, 0.75, 1, 2, 2.5, 5, 7.5, 10]),
});

export type HttpMetricsSettings = Resolved<HttpMetricsOptions, typeof HTTP_METRICS_DEFAULTS>;

export function resolveHttpMetricsOptions(options: HttpMetricsOptions): HttpMetricsSettings {
  const settings = resolveOptions('httpMetrics', options, HTTP_METRICS_DEFAULTS, {
    registry: isRegistry,
    maxSeries: isInteger(0),
    maxClients: isInteger(0),
    buckets: areAscendingSeconds,
  });
  requireOption('httpMetrics', 'registry', settings.registry, 'createMetrics() makes one');
  return settings;
}

const areAscendingSeconds: OptionCheck = (value) => {
  const isAscending =
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((bound, index) => Number.isFinite(bound) && bound > (index === 0 ? 0 : Number(value[index - 1])));
  return isAscending ? undefined : 'must be a list of ascending numbers above 0, in seconds';
};
