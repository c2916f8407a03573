import { AsyncResource } from 'node:async_hooks';
import type { Pool, PoolClient } from 'pg';
import type { Release } from './held-clients.js';
import type { Acquirer } from './leaks.js';

export type ConnectCallback = (error: Error | undefined, client: PoolClient | undefined, done: Release) => void;

/**
 * pg's `connect` in both its forms. The callback runs in its caller's context, not in that of whoever freed the client.
 * With `isTraced` the caller's place in the program is handed on too.
 */
export function connectWith(
  acquire: (callback: ConnectCallback, acquirer: Acquirer | undefined) => void,
  isTraced: boolean,
): Pool['connect'] {
  function observedConnect(callback?: ConnectCallback): Promise<PoolClient> | undefined {
    const acquirer: Acquirer | undefined = isTraced ? {} : undefined;
    if (acquirer !== undefined) Error.captureStackTrace(acquirer, observedConnect);
    if (callback !== undefined) {
      // Not `AsyncResource.bind`: on Node 20 that costs as much as half a query.
      const caller = new AsyncResource('express-runbook.connect');
      acquire((error, client, done) => {
        caller.runInAsyncScope(callback, undefined, error, client, done);
      }, acquirer);
      return undefined;
    }
    return new Promise<PoolClient>((resolve, reject) => {
      acquire((error, client) => {
        if (client === undefined) reject(error ?? new Error('no client'));
        else resolve(client);
      }, acquirer);
    }).catch((error: unknown) => {
      // As pg does: a stack that leads to the caller and not to a timer or socket.
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    });
  }
  // pg's type says two overloads; the body answers both.
  return observedConnect as Pool['connect'];
}
