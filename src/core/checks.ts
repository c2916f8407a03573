import type { OptionCheck } from './options.js';
import { MAX_TIMER_MS } from './deadline.js';

/** The checks that options are made of. Each says "must be …" or nothing. */

export const isBoolean: OptionCheck = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');

export const isText: OptionCheck = (value) =>
  typeof value === 'string' && value.length > 0 ? undefined : 'must be a string that is not empty';

export const isFunction: OptionCheck = (value) => (typeof value === 'function' ? undefined : 'must be a function');

export const isObject: OptionCheck = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'must be an object';

/** Whole number within bounds, both included. */
export function isInteger(min: number, max = Number.MAX_SAFE_INTEGER): OptionCheck {
  const bounds =
    max === Number.MAX_SAFE_INTEGER ? `of at least ${String(min)}` : `from ${String(min)} to ${String(max)}`;
  return (value) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : `must be a whole number ${bounds}`;
}

/** Any finite number within bounds, both included. */
export function isNumber(min: number, max: number): OptionCheck {
  return (value) =>
    typeof value === 'number' && value >= min && value <= max
      ? undefined
      : `must be a number from ${String(min)} to ${String(max)}`;
}

/** A time that a timer can keep: Node fires after 1 ms when it is above 2^31 − 1 (https://nodejs.org/api/timers.html). */
export function isTimeMs(min: number): OptionCheck {
  return isInteger(min, MAX_TIMER_MS);
}

export function isOneOf(words: readonly string[]): OptionCheck {
  return (value) => (words.includes(value as string) ? undefined : `must be one of ${words.join(', ')}`);
}

export function isListOf(check: OptionCheck): OptionCheck {
  return (value) => {
    if (!Array.isArray(value)) return 'must be an array';
    for (const [index, item] of value.entries()) {
      const problem = check(item);
      if (problem !== undefined) return `item ${String(index)} ${problem}`;
    }
    return undefined;
  };
}

/** One of several kinds of value, e.g. `either(isBoolean, isObject)`. */
export function either(...checks: readonly OptionCheck[]): OptionCheck {
  return (value) => {
    const problems = checks.map((check) => check(value));
    return problems.includes(undefined) ? undefined : problems.join(', or ');
  };
}

/** Has these methods: how a port is recognised without knowing its class. */
export function hasMethods(...names: readonly string[]): OptionCheck {
  return (value) => {
    const missing = names.filter((name) => typeof (value as Record<string, unknown> | null)?.[name] !== 'function');
    return missing.length === 0
      ? undefined
      : `must have the method${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`;
  };
}

export const isLogger: OptionCheck = hasMethods('debug', 'info', 'warn', 'error', 'fatal');

/** A prom-client `Registry`, from whichever copy of prom-client. */
export const isRegistry: OptionCheck = hasMethods('registerMetric', 'getSingleMetric', 'metrics');
