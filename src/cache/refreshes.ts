import type { Keeping } from './cache-store.js';
import { Flights, type Flight } from './flights.js';
import type { Load } from './load.js';
import type { CacheSettings } from './options.js';

/** A source that has just failed is left alone for so long. */
const RETRY_MS = 1000;
const MAX_REMEMBERED = 1000;

type LoadAndKeep<Value> = (
  flight: Flight<Value>,
  key: string,
  load: Load<Value>,
  keeping: Keeping,
  ticket: unknown,
) => Promise<Value>;

export interface Refreshes<Value> {
  start(key: string, load: Load<Value>, keeping: Keeping, ticket: unknown): void;
  drop(isMeant: (key: string, flight: Flight<Value>) => boolean): void;
}

/** Loads behind the back of who got the old value: once per key, and not again at once when it failed. */
export function refreshes<Value>(
  { name, logger, now }: CacheSettings,
  loadAndKeep: LoadAndKeep<Value>,
): Refreshes<Value> {
  const flights = new Flights<Value>();
  const failedAt = new Map<string, number>();

  return {
    start(key, load, keeping, ticket) {
      if (flights.get(key) !== undefined || now() - (failedAt.get(key) ?? -Infinity) < RETRY_MS) return;
      failedAt.delete(key);
      const work = flights.start(key, keeping.tags, (flight) => loadAndKeep(flight, key, load, keeping, ticket));
      work.catch((error: unknown) => {
        if (failedAt.size >= MAX_REMEMBERED) failedAt.clear();
        failedAt.set(key, now());
        logger.warn({ cache: name, error }, 'A value in the cache could not be renewed');
      });
    },
    drop: (isMeant) => {
      flights.drop(isMeant);
    },
  };
}
