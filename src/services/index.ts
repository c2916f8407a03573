export { createServiceClient, type ServiceClient } from './client/create-service-client.js';
export { SERVICE_CLIENT_DEFAULTS, type ServiceClientOptions } from './client/options.js';
export type { CallOptions, Fallback, ReadingCallOptions } from './client/call-options.js';
export type { ServiceAnswer } from './client/service-answer.js';
export type { ServiceCheckOptions } from './client/circuit-check.js';
export type { CircuitState } from './guard/circuit-breaker.js';
export { ServiceError, type ServiceErrorCode, type ServiceErrorFacts } from './service-error.js';
export { inBatches } from './in-batches.js';
export {
  createUsageMeter,
  type Metered,
  type MeteredCall,
  type UsageMeter,
  type UsageMonth,
} from './usage/create-usage-meter.js';
export {
  USAGE_METER_DEFAULTS,
  type BudgetEvent,
  type ModelPrice,
  type QuotaEvent,
  type UsageMeterOptions,
  type UsagePool,
} from './usage/options.js';
export type { UsageRecord } from './usage/usage-metrics.js';
export { UsageQuotaError } from './usage/quota-error.js';
