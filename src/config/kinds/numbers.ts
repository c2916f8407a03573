import { MAX_TIMER_MS } from '../../core/deadline.js';
import type { Kind, Reading } from './kind.js';

const UNITS_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNITS_MS;

// Only what a person means by a number: Number() also takes '', 0x10, 1e3 and Infinity.
const DIGITS = /^[0-9]+$/;
const TIME = /^([0-9]+)(ms|s|m|h|d)?$/;
const FRACTION = /^(?:0(?:\.[0-9]+)?|1(?:\.0+)?)$/;
const PERCENT = /^([0-9]+)%?$/;

/** Bounds included. */
export function wholeNumber(min: number, max: number): Kind<number> {
  const bounds = `a whole number from ${min} to ${max}`;
  return {
    accepts: bounds.slice(2),
    read: (text) => within(DIGITS.test(text) ? Number(text) : undefined, min, max, `${bounds}, in digits only`),
  };
}

export function oneNumberOf<const Choice extends number>(...choices: readonly Choice[]): Kind<Choice> {
  return {
    accepts: choices.map((choice) => `\`${choice}\``).join(', '),
    read(text) {
      const value = choices.find((choice) => String(choice) === text);
      return value === undefined ? { problem: `must be one of ${choices.join(', ')}` } : { value };
    },
  };
}

export function port(min: 0 | 1): Kind<number> {
  const number = wholeNumber(min, 65_535);
  return {
    accepts: number.accepts,
    read(text) {
      if (!text.startsWith('tcp://')) return number.read(text);
      // https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
      return {
        problem:
          'must be a port number, and holds what Kubernetes sets for a Service of that name: ' +
          'rename the Service or set enableServiceLinks: false on the pod',
      };
    },
  };
}

/** Milliseconds that a Node timer can keep; a bare number counts milliseconds. */
export function timeMs(min: 0 | 1): Kind<number> {
  return {
    accepts: 'time: `1000`, `1000ms`, `5s`, `2m`',
    read: (text) =>
      within(
        inMs(text, 'ms'),
        min,
        MAX_TIMER_MS,
        `a time such as 1000, 1000ms or 5s, from ${min} ms to ${MAX_TIMER_MS} ms`,
      ),
  };
}

/** Seconds that something stays valid; a bare number counts seconds, as `expires_in` does in RFC 6749. */
export function lifetimeSeconds(): Kind<number> {
  return {
    accepts: 'time: `7d`, `12h`, `900s`; a bare number counts seconds',
    read: (text) => {
      const ms = inMs(text, 's');
      const expected = 'a time such as 7d, 12h or 900s, in whole seconds and from 1s to 24855d';
      return within(ms === undefined ? undefined : ms / 1000, 1, MAX_TIMER_MS, expected);
    },
  };
}

/** From 0 to 1. */
export function fraction(): Kind<number> {
  return {
    accepts: 'a part of one: `0`, `0.1`, `1`',
    read: (text) =>
      FRACTION.test(text) ? { value: Number(text) } : { problem: 'must be a number from 0 to 1 such as 0.1' },
  };
}

export function percent(): Kind<number> {
  return {
    accepts: 'percent: `80`, `80%`',
    read(text) {
      const digits = PERCENT.exec(text)?.[1];
      return within(digits === undefined ? undefined : Number(digits), 1, 100, 'a whole percentage from 1% to 100%');
    },
  };
}

function inMs(text: string, bareUnit: Unit): number | undefined {
  const [, digits, unit] = TIME.exec(text) ?? [];
  if (digits === undefined) return undefined;
  // The pattern lets only these units through.
  return Number(digits) * UNITS_MS[(unit ?? bareUnit) as Unit];
}

function within(value: number | undefined, min: number, max: number, expected: string): Reading<number> {
  const isGood = value !== undefined && Number.isSafeInteger(value) && value >= min && value <= max;
  return isGood ? { value } : { problem: `must be ${expected}` };
}
