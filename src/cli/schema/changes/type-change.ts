import type { Column } from '../schema.js';

const TEXTS = new Set(['text', 'character varying', 'character']);
/** From each, to those that hold every value of it. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  smallint: ['integer', 'bigint', 'numeric'],
  integer: ['bigint', 'numeric'],
  bigint: ['numeric'],
  real: ['double precision'],
  'character varying': ['text', 'character varying'],
  character: ['text', 'character varying'],
};

/**
 * How the values of a column get their new type. Texts are assigned and not cast: a cast to varchar(3) would cut what is
 * longer, in silence. What has no cast goes by its text.
 */
export function usingOf(from: Column, to: Column, isReplaced: boolean, casts: ReadonlySet<string>): string {
  const array = to.type.endsWith('[]') ? '[]' : '';
  if (isReplaced) return ` USING ${to.name}::text${array}::${to.type}`;
  if (from.baseType === to.baseType) return '';
  if (TEXTS.has(to.baseType)) return TEXTS.has(from.baseType) ? '' : ` USING ${to.name}::text`;
  const isDirect = TEXTS.has(from.baseType) || casts.has(castKey(from.baseType, to.baseType));
  return ` USING ${to.name}${isDirect ? '' : '::text'}::${to.type}`;
}

/** Whether every value fits into the new type, and stays what it was. */
export function isWider(from: Column, to: Column): boolean {
  if (from.baseType === to.baseType && to.type !== to.baseType) {
    if (to.baseType === 'character varying') return sizeOf(to)[0] >= sizeOf(from)[0];
    return to.baseType === 'numeric' && hasRoomFor(sizeOf(from), sizeOf(to));
  }
  // A length or precision may be too short for some.
  return (
    to.type === to.baseType && (from.baseType === to.baseType || (WIDER[from.baseType] ?? []).includes(to.baseType))
  );
}

export function castKey(from: string, to: string): string {
  return `${from} → ${to}`;
}

type Size = readonly [length: number, scale: number];

/** As many digits before the point, and as many behind it. */
function hasRoomFor([length, scale]: Size, [newLength, newScale]: Size): boolean {
  return newLength - newScale >= length - scale && newScale >= scale;
}

function sizeOf({ type }: Column): Size {
  const [, length, scale = '0'] = /\((\d+)(?:,(\d+))?\)$/.exec(type) ?? [];
  return length === undefined ? [Infinity, 0] : [Number(length), Number(scale)];
}
