import { isFunction, isText } from '../core/checks.js';
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
}

export const CORRELATION_DEFAULTS = Object.freeze({
  requestIdHeader: 'X-Request-ID',
  correlationIdHeader: 'X-Correlation-ID',
  generateId: (): string => uuid(),
});

export type CorrelationSettings = Resolved<CorrelationOptions, typeof CORRELATION_DEFAULTS>;

export function resolveCorrelationOptions(options?: CorrelationOptions): CorrelationSettings {
  return resolveOptions('correlationId', options, CORRELATION_DEFAULTS, {
    requestIdHeader: isText,
    correlationIdHeader: isText,
    generateId: isFunction,
  });
}
