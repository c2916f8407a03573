import { InvalidArgumentError } from 'commander';
import { said } from '../option-values.js';

export interface StatusRange {
  readonly from: number;
  /** Included. */
  readonly to: number;
}

const HIGHEST = 999;

/** Status codes as people say them: `404`, `5xx`, `400-499`, `500-`, and several of them: `401,403,429`. */
export function statusRanges(value: string, before: unknown): readonly StatusRange[] {
  return said(value, before).split(',').map(rangeOf);
}

function rangeOf(text: string): StatusRange {
  const [, hundreds] = /^([1-9])xx$/i.exec(text) ?? [];
  if (hundreds !== undefined) return { from: Number(hundreds) * 100, to: Number(hundreds) * 100 + 99 };
  const [, first, dash, last] = /^([1-9]\d\d)(?:(-)([1-9]\d\d)?)?$/.exec(text) ?? [];
  const from = Number(first);
  const to = dash === undefined ? from : Number(last ?? HIGHEST);
  if (from <= to) return { from, to };
  throw new InvalidArgumentError('It must be status codes such as 404, 5xx, 400-499, 500- or 401,403,429.');
}
