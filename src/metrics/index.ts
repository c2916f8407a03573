export { createMetrics, type Metrics } from './registry/create-metrics.js';
export { METRICS_DEFAULTS, type MetricsOptions } from './registry/options.js';
export { httpMetrics } from './http/http-metrics.js';
export { observeConnections, type ConnectionsOptions } from './http/observe-connections.js';
export { HTTP_METRICS_DEFAULTS, type HttpMetricsOptions } from './http/options.js';
export { createMetricsRouter } from './router/metrics-router.js';
export {
  createMetricsServer,
  METRICS_SERVER_DEFAULTS,
  type MetricsServer,
  type MetricsServerOptions,
} from './router/metrics-server.js';
export { METRICS_ROUTER_DEFAULTS, type MetricsRouterOptions } from './router/options.js';
export type { CounterSpec, GaugeSpec, HistogramSpec, MetricSpec } from '../instruments/instruments.js';
export { createClusterMetrics, type ClusterMetrics } from './cluster/cluster-metrics.js';
export { CLUSTER_METRICS_DEFAULTS, type ClusterMetricsOptions } from './cluster/options.js';
export { observeCertificate, type CertificateOptions } from './certificates/observe-certificate.js';
