import type { Registry } from 'prom-client';
import { isBoolean, isFunction, isRegistry, isText } from '../core/checks.js';
import { resolveOptions, type Resolved } from '../core/options.js';
import { v4 as uuid } from 'uuid';

export interface CorrelationOptions {
  /**
   * Header that carries the id of this one request, in and out.
   * @default 'X-Request-ID'
   */
  requestIdHeader?: string;
  /**
   * Header that carries the id of the whole user transaction, in and out.
   * @default 'X-Correlation-ID'
   */
  correlationIdHeader?: string;
  /**
   * Makes an id when the client sent none, or one that is not acceptable. Must be unique per call.
   * @default uuid v4
   */
  generateId?: () => string;
  /**
   * Whether a request that is not part of a trace starts one at once, so that each of its lines has `trace_id` and `span_id`.
   * Otherwise its first outgoing call starts it, and a request that calls nobody costs nothing.
   * @default false
   */
  startTraces?: boolean;
  /**
   * Where `correlation_ids_rejected_total{header="request_id|correlation_id|traceparent|tracestate"}` is counted; nowhere
   * when left out.
   */
  registry?: Registry;
}

export const CORRELATION_DEFAULTS = Object.freeze({
  requestIdHeader: 'X-Request-ID',
  correlationIdHeader: 'X-Correlation-ID',
  generateId: (): string => uuid(),
  startTraces: false,
});

export type CorrelationSettings = Resolved<CorrelationOptions, typeof CORRELATION_DEFAULTS>;

export function resolveCorrelationOptions(options?: CorrelationOptions): CorrelationSettings {
  return resolveOptions<CorrelationOptions, typeof CORRELATION_DEFAULTS>(
    'correlationId',
    options,
    CORRELATION_DEFAULTS,
    {
      requestIdHeader: isText,
      correlationIdHeader: isText,
      generateId: isFunction,
      startTraces: isBoolean,
      registry: isRegistry,
    },
  );
}
