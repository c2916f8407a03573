import {
  either,
  hasMethods,
  isBoolean,
  isFunction,
  isInteger,
  isListOf,
  isLogger,
  isObject,
  isRegistry,
  isText,
  isTimeMs,
} from '../core/checks.js';
import { isNetwork } from '../core/networks.js';
import type { OptionCheck } from '../core/options.js';

// Plain segments only: Express 4 and 5 read anything else differently.
const isPath: OptionCheck = (value) =>
  typeof value === 'string' && /^(\/[\w.-]+)+$/.test(value) ? undefined : 'must be a path such as /ops';

/** A list that would let nobody in is a mistake. */
const isFilled = (what: string, check: OptionCheck): OptionCheck => {
  return (value) =>
    isListOf(check)(value) ?? ((value as unknown[]).length === 0 ? `must have at least one ${what}` : undefined);
};

/** One entry for every option that exists. */
export const CONSOLE_CHECKS = {
  registry: isRegistry,
  path: isPath,
  service: isText,
  version: isText,
  token: either(isText, isFilled('token', isText)),
  networks: isFilled('network', isNetwork),
  guard: isFunction,
  isProduction: isBoolean,
  health: hasMethods('report'),
  lines: isFunction,
  level: hasMethods('current', 'change'),
  audit: hasMethods('run'),
  pools: isFunction,
  alerts: isFunction,
  settings: isFunction,
  redact: isFunction,
  draining: isObject,
  intervalMs: isTimeMs(10),
  historyMs: isTimeMs(1000),
  maxPages: isInteger(1, 100),
  logger: isLogger,
  now: isFunction,
};
