import { InvalidArgumentError } from 'commander';

/** Seconds of the units that a time on the command line may have. */
export const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A text that says something; the same option twice is a slip. Options have no default in commander, which would count as said. */
export function said(value: string, before: unknown): string {
  if (before !== undefined) throw new InvalidArgumentError('It is given twice.');
  if (value.trim() === '') throw new InvalidArgumentError('It is empty.');
  return value;
}

/** Reads a whole number within these bounds. */
export function wholeNumber(min: number, max: number): (value: string, before: unknown) => number {
  return (value, before) => {
    const number = Number(said(value, before));
    if (Number.isSafeInteger(number) && number >= min && number <= max && /^\d+$/.test(value)) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** One of these words. */
export function oneOf(words: readonly string[]): (value: string, before: unknown) => string {
  return (value, before) => {
    if (words.includes(said(value, before))) return value;
    throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
  };
}
