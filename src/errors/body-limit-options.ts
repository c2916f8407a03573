import { isInteger } from '../core/checks.js';
import { resolveOptions, type Resolved } from '../core/options.js';

export interface BodyLimitOptions {
  /**
   * Bytes that a request body may have. Take the limit of the body parser behind it.
   * @default 102400
   */
  maxBytes?: number;
}

export const BODY_LIMIT_DEFAULTS = Object.freeze({ maxBytes: 102_400 });

export type BodyLimitSettings = Resolved<BodyLimitOptions, typeof BODY_LIMIT_DEFAULTS>;

export function resolveBodyLimitOptions(options?: BodyLimitOptions): BodyLimitSettings {
  return resolveOptions('bodyLimit', options, BODY_LIMIT_DEFAULTS, { maxBytes: isInteger(0) });
}
