import { OVERFLOW } from './known-series.js';
import { labelText } from './label-text.js';

const NOBODY = labelText(undefined);

/** Label values of an open set, such as ids of clients: the first `max` of them, `unknown` for none, one value for all that come after. */
export function firstValues(max: number): (value: unknown) => string {
  const known = new Set<string>();
  return (value) => {
    const text = labelText(value);
    if (text === NOBODY || known.has(text)) return text;
    if (known.size >= max) return OVERFLOW;
    known.add(text);
    return text;
  };
}
