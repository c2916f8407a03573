/** How long what the codebooks need is kept, in milliseconds; in Redis, for all instances together. */
export const CACHE_TIMES = {
  activeVersion: 300_000,
  clientRules: 600_000,
  csiDivisions: 3_600_000,
  /** No end but the update that throws it away: this is the longest time that a cache knows, 24 days. */
  promptTemplates: 2_147_483_647,
} as const;

/** Each process has its own memory: what another one wrote shows after this time at the latest. */
const OWN_TTL_MS = 5000;

/** For what can change: shared, the whole time; in the memory of one process, a moment. */
export function timeToLive(name: keyof typeof CACHE_TIMES, redis: object | undefined): number {
  return redis === undefined ? OWN_TTL_MS : CACHE_TIMES[name];
}
