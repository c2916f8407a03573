import { createServiceClient, type Fallback } from 'express-runbook/services';
import { ops } from './client.js';

const other = createServiceClient({ name: 'llm_other', baseUrl: process.env.OTHER_LLM_URL ?? 'http://127.0.0.1:9002' });

/** The other provider has a path and a model of its own. */
const translated: Fallback = {
  call: (_path, { json, ...options } = {}) =>
    other.call('/v2/complete', { ...options, json: { ...(json as object), model: 'other-small' } }),
};

export const llm = createServiceClient({
  name: 'llm_service',
  baseUrl: process.env.LLM_URL ?? 'http://127.0.0.1:9001',
  unavailableMessage: 'LLM service unavailable', // 503 with this text, whatever went wrong
  durationMetric: 'llm_request_duration_seconds',
  errorsMetric: 'llm_errors_total',
  fallback: translated,
  logger: ops.logger,
  registry: ops.metrics.registry,
});
