import type { RefreshTokenRecord, RefreshTokenStore } from 'express-runbook/auth';

/** Refresh tokens in memory; the one of the reference server is in Postgres. */
export function memoryRefreshTokens(): RefreshTokenStore & { readonly records: RefreshTokenRecord[] } {
  const records: RefreshTokenRecord[] = [];
  const used = new Set<string>();
  const ended = new Set<string>();
  return {
    records,
    begin(first) {
      records.push(first);
      return Promise.resolve();
    },
    rotate(usedId, next) {
      const known = records.some(({ id }) => id === usedId);
      if (!known || ended.has(next.familyId)) return Promise.resolve('unknown');
      if (used.has(usedId)) return Promise.resolve('reused');
      used.add(usedId);
      records.push(next);
      return Promise.resolve('rotated');
    },
    end(familyId) {
      ended.add(familyId);
      return Promise.resolve();
    },
  };
}
