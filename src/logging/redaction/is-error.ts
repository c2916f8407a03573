import { types } from 'node:util';

/** Errors of other realms included; a revoked proxy, which throws when it is asked, is none. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || types.isNativeError(value);
  } catch {
    return false;
  }
}
