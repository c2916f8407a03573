/** Work outside of requests that is still under way. */
export interface UnfinishedWork {
  readonly name: string;
  readonly ageMs: number;
}

/** Announced work; the shutdown waits for it as it waits for a request. */
export interface Beacon {
  /** The work is over, however it went. Safe to call twice. */
  end(): void;
}

export interface Beacons {
  light(name: string): Beacon;
  count(): number;
  list(): UnfinishedWork[];
}

export function createBeacons(): Beacons {
  const lit = new Map<Beacon, { name: string; since: number }>();
  return {
    light(name) {
      const beacon: Beacon = {
        end: () => {
          lit.delete(beacon);
        },
      };
      lit.set(beacon, { name, since: performance.now() });
      return beacon;
    },
    count: () => lit.size,
    list: () => [...lit.values()].map(({ name, since }) => ({ name, ageMs: Math.round(performance.now() - since) })),
  };
}
