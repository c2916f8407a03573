import { isObject, isText } from '../core/checks.js';
import type { OptionCheck } from '../core/options.js';

/** A plain path: what Express reads as a pattern would mean another thing in each of its majors. */
export const isPrefix: OptionCheck = (value) =>
  typeof value === 'string' && /^[\w/.~-]*$/.test(value) ? undefined : 'must be a plain path such as /api';

export const isStatusCodes: OptionCheck = (value) => {
  const { degraded, ...unknown } = (value ?? {}) as Record<string, unknown>;
  const isKnown = (degraded === 200 || degraded === 503) && Object.keys(unknown).length === 0;
  return isKnown ? undefined : 'must be { degraded: 200 } or { degraded: 503 }';
};

const WORD_NAMES: Readonly<Record<string, readonly string[]>> = {
  overall: ['ok', 'degraded', 'error'],
  check: ['up', 'degraded', 'down'],
};

/** Words by status, some or all of them. */
export const isWords: OptionCheck = (value) => {
  if (isObject(value) !== undefined) return 'must be an object';
  // It is an object, whose entries are looked at.
  for (const [group, words] of Object.entries(value as object)) {
    const names = Object.hasOwn(WORD_NAMES, group) ? WORD_NAMES[group] : undefined;
    if (names === undefined) return `must have overall and check only, not ${group}`;
    const isKnown = Object.entries((words ?? {}) as object).every(
      ([name, word]) => names.includes(name) && isText(word) === undefined,
    );
    if (isObject(words) !== undefined || !isKnown) return `${group} must hold words for ${names.join(', ')} only`;
  }
  return undefined;
};
