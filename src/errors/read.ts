/**
 * A property of whatever was thrown; `undefined` where there is none. Anything can be thrown, getters that throw and revoked
 * proxies too, and answering an error must never fail because of the error: one that cannot be read has nothing to say.
 */
export function read(thrown: unknown, key: string): unknown {
  try {
    return (thrown as Record<string, unknown> | null | undefined)?.[key];
  } catch {
    return undefined;
  }
}

export function readText(thrown: unknown, key: string): string | undefined {
  const value = read(thrown, key);
  return typeof value === 'string' ? value : undefined;
}

/** At most `max` items of a list property, and an empty list when it is none. */
export function readList(thrown: unknown, key: string, max: number): readonly unknown[] {
  const value = read(thrown, key);
  try {
    return Array.isArray(value) ? (value.slice(0, max) as unknown[]) : [];
  } catch {
    // The same reason as above.
    return [];
  }
}
