import type { Other, Schema } from './schema.js';

export interface OtherDifference {
  readonly kind: string;
  readonly name: string;
  readonly difference: 'only in the schema file' | 'only in the migrations' | 'different';
}

/** What differs between two databases and is none of what a migration is generated for. */
export function otherDifferences(migrations: Schema, desired: Schema): OtherDifference[] {
  const [from, to] = [byKey(migrations), byKey(desired)];
  const keys = [...new Set([...from.keys(), ...to.keys()])].filter((key) => from.get(key)?.text !== to.get(key)?.text);
  return keys.sort().map((key) => {
    const [before, after] = [from.get(key), to.get(key)];
    const { kind = '', name = '' } = after ?? before ?? {};
    if (before === undefined) return { kind, name, difference: 'only in the schema file' };
    return { kind, name, difference: after === undefined ? 'only in the migrations' : 'different' };
  });
}

function byKey({ others }: Schema): Map<string, Other> {
  return new Map(others.map((other) => [`${other.kind} ${other.name}`, other]));
}
