export { createMetrics, type Metrics } from './registry/create-metrics.js';
export { METRICS_DEFAULTS, type MetricsOptions } from './registry/options.js';
export { httpMetrics } from './http/http-metrics.js';
export { observeConnections, type ConnectionsOptions } from './http/observe-connections.js';
export { HTTP_METRICS_DEFAULTS, type HttpMetricsOptions } from './http/options.js';
export { createMetricsRouter } from './router/metrics-router.js';
export { METRICS_ROUTER_DEFAULTS, type MetricsRouterOptions } from './router/options.js';
export type { GaugeSpec, HistogramSpec, MetricSpec } from '../instruments/instruments.js';
