import { format } from 'node:util';
import type { Copier } from '../redaction/copier.js';

/** What one call of `log.info(…)` said, whichever order it was said in. */
export interface LogCall {
  readonly message: string | undefined;
  /** Objects and errors whose fields belong to the line; later ones win. */
  readonly sources: readonly object[];
}

const PLACEHOLDER = /%[sdifjoOc]/g;

/**
 * Reads both call orders: pino's `(fields, message, …values)` and winston's `(message, fields)`. Values fill the message's
 * placeholders first; of what is left objects are fields and the rest is appended, so that nothing is lost.
 */
export function readCall(args: readonly unknown[], copier: Copier): LogCall {
  const sources: object[] = [];
  let rest = args;
  if (isObject(args[0])) {
    sources.push(args[0]);
    rest = args.slice(1);
  } else if (args[0] == null && args.length > 1) {
    rest = args.slice(1);
  }
  if (rest.length === 0) return { message: undefined, sources };
  if (isObject(rest[0]) || rest[0] === undefined) return { message: undefined, sources: withObjects(sources, rest) };
  return withMessage(rest, sources, copier);
}

function withMessage(rest: readonly unknown[], sources: readonly object[], copier: Copier): LogCall {
  const text = typeof rest[0] === 'string' ? rest[0] : String(copier.value(rest[0]));
  if (rest.length === 1) return { message: text, sources };
  const wanted = text.match(PLACEHOLDER)?.length ?? 0;
  const filling = rest.slice(1, 1 + wanted);
  const left = rest.slice(1 + wanted);
  const loose = left.filter((value) => !isObject(value) && value !== undefined);
  const isBare = filling.length === 0 && loose.length === 0;
  const message = isBare ? text : format(text, ...[...filling, ...loose].map((value) => copier.value(value)));
  return { message, sources: withObjects(sources, left) };
}

function withObjects(sources: readonly object[], values: readonly unknown[]): readonly object[] {
  return [...sources, ...values.filter(isObject)];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
