import type { Client, Pool } from 'pg';

/** A healthy server hangs up at once when it is told goodbye. */
const GOODBYE_MS = 1000;

type Callback = (error?: Error | null, ...rest: unknown[]) => void;

/** A client as pg-pool uses it: with callbacks. */
interface CallbackClient extends Pick<Client, 'connection' | 'once'> {
  connect(callback?: Callback): unknown;
  end(callback?: Callback): unknown;
}

/**
 * Clients that say how long connecting took, and whose goodbye is bounded: pg waits for the server to hang up, which one
 * that is frozen or out of reach never does, and with it everybody who waits for the place in the pool.
 */
export function boundClients(pool: Pool, opened: (tookMs: number) => void): void {
  // pg-pool makes its clients of this class; pg's types do not show it.
  const factory = pool as unknown as { Client: new (...args: unknown[]) => CallbackClient };
  factory.Client = class extends factory.Client {
    override connect(callback?: Callback): unknown {
      if (callback === undefined) return super.connect();
      const startedAt = performance.now();
      return super.connect((error, ...rest) => {
        if (error == null) opened(performance.now() - startedAt);
        callback(error, ...rest);
      });
    }

    override end(callback?: Callback): unknown {
      const timer = setTimeout(() => this.connection.stream.destroy(), GOODBYE_MS).unref();
      this.once('end', () => clearTimeout(timer));
      return super.end(callback);
    }
  };
}
