import helmet, { type HelmetOptions } from 'helmet';
import { isObject, isOneOf } from '../../core/checks.js';
import { nearest } from '../../core/nearest.js';
import { resolveOptions, type OptionCheck, type Resolved } from '../../core/options.js';
import { PRESETS } from './presets.js';

export interface SecurityHeadersOptions {
  /**
   * What is served behind it. `api`: answers that a browser must not render, run or frame. `page`: HTML with its own
   * scripts and styles. Neither asks the browser to upgrade to HTTPS, which would blank a page served over plain HTTP.
   * @default 'api'
   */
  preset?: 'api' | 'page';
  /**
   * Options of helmet 8 (https://helmetjs.github.io) on top of the preset: `false` leaves a header out. Directives of the
   * content security policy are added to those of the preset, or replace the one of the same name; `null` removes it.
   */
  helmet?: HelmetOptions;
}

export const SECURITY_HEADERS_DEFAULTS = Object.freeze({ preset: 'api' as const });

export type SecurityHeadersSettings = Resolved<SecurityHeadersOptions, typeof SECURITY_HEADERS_DEFAULTS>;

export function resolveSecurityHeadersOptions(options?: SecurityHeadersOptions): SecurityHeadersSettings {
  return resolveOptions<SecurityHeadersOptions, typeof SECURITY_HEADERS_DEFAULTS>(
    'securityHeaders',
    options,
    SECURITY_HEADERS_DEFAULTS,
    { preset: isOneOf(Object.keys(PRESETS)), helmet: isHelmetOptions },
  );
}

/** helmet itself ignores a name it does not know, and with it the header that somebody wanted. */
const isHelmetOptions: OptionCheck = (value) => {
  const problem = isObject(value);
  if (problem !== undefined) return problem;
  // helmet carries one function for each option, by the option's name; `default` is an addition of its CommonJS build.
  const known = Object.keys(helmet).filter((name) => name !== 'default');
  const unknown = Object.keys(value as object).find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  const guess = nearest(unknown, known);
  return `must have options of helmet only: ${unknown} is none${guess === undefined ? '' : `, did you mean ${guess}?`}`;
};
