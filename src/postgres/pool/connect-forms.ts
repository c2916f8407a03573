import { AsyncResource } from 'node:async_hooks';
import type { Pool, PoolClient } from 'pg';
import type { Release } from './held-clients.js';

export type ConnectCallback = (error: Error | undefined, client: PoolClient | undefined, done: Release) => void;

/** pg's `connect` in both its forms. The callback runs in its caller's context, not in that of whoever freed the client. */
export function connectWith(acquire: (callback: ConnectCallback) => void): Pool['connect'] {
  function observedConnect(callback?: ConnectCallback): Promise<PoolClient> | undefined {
    if (callback !== undefined) {
      acquire(AsyncResource.bind(callback));
      return undefined;
    }
    return new Promise<PoolClient>((resolve, reject) => {
      acquire((error, client) => {
        if (client === undefined) reject(error ?? new Error('no client'));
        else resolve(client);
      });
    }).catch((error: unknown) => {
      // As pg does: a stack that leads to the caller and not to a timer or socket.
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    });
  }
  // pg's type says two overloads; the body answers both.
  return observedConnect as Pool['connect'];
}
