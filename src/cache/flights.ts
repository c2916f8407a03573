/** One look or load under way, and whether what comes of it may still be kept. */
export interface Flight<Value> {
  readonly tags: readonly string[];
  value: Promise<Value>;
  isDropped: boolean;
}

/** What is under way, by key. */
export class Flights<Value> {
  private readonly flights = new Map<string, Flight<Value>>();

  get(key: string): Flight<Value> | undefined {
    return this.flights.get(key);
  }

  start(key: string, tags: readonly string[], work: (flight: Flight<Value>) => Promise<Value>): Promise<Value> {
    const flight: Flight<Value> = { tags, isDropped: false, value: Promise.prototype as Promise<Value> };
    this.flights.set(key, flight);
    flight.value = work(flight).finally(() => {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    });
    return flight.value;
  }

  /** Who waits gets the value; it is not kept, and the next to ask begins anew. */
  drop(isMeant: (key: string, flight: Flight<Value>) => boolean): void {
    for (const [key, flight] of this.flights) {
      if (!isMeant(key, flight)) continue;
      flight.isDropped = true;
      this.flights.delete(key);
    }
  }
}
