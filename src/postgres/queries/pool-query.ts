import { AsyncResource } from 'node:async_hooks';
import type { Pool, PoolClient } from 'pg';
import type { ConnectCallback } from '../pool/connect-forms.js';
import { askedQuery } from './asked-query.js';

type Ask = (...args: unknown[]) => unknown;
type QueryCallback = (error: unknown, result?: unknown) => void;

/** It follows the error at once, or after one more round trip. */
const READY_WITHIN_MS = 1000;

/** What pg's client knows of where it stands; older versions do not say. */
interface WithStatus {
  readonly readyForQuery?: boolean;
  getTransactionStatus?(): string | null;
}

/**
 * `pool.query` by way of a promise, which keeps its caller's context at no cost. Unlike pg-pool's it does not close the
 * connection for what the server says of one statement (a duplicate key), only for what makes it unfit.
 */
export function answerPoolQueries(
  pool: Pool,
  acquire: (callback: ConnectCallback) => void,
  turn: (error: unknown) => unknown,
): void {
  // One signature for pg's seven overloads: the arguments go on as they came.
  const original = pool.query.bind(pool) as Ask;

  async function ask(args: unknown[]): Promise<unknown> {
    const client = await new Promise<PoolClient>((resolve, reject) => {
      acquire((error, given) => (given === undefined ? reject(error ?? new Error('no client')) : resolve(given)));
    });
    let result: unknown;
    try {
      result = await (client.query as Ask)(...args);
    } catch (error) {
      giveBackAfter(error, client);
      throw error;
    }
    client.release();
    return result;
  }

  const answered: Ask = (...args) => {
    if (!isPlain(args[0])) return withTurned(original, turn, args);
    const at = args.findIndex((argument) => typeof argument === 'function');
    if (at === -1) return ask(args);
    const caller = new AsyncResource('express-runbook.query');
    const callback = args[at] as QueryCallback;
    // By way of a timer: what the callback throws is the program's own, as with pg, and no rejection.
    const answer = (error: unknown, result?: unknown): unknown =>
      process.nextTick(() => caller.runInAsyncScope(callback, undefined, error, result));
    void ask(args.slice(0, at)).then((result) => answer(undefined, result), answer);
    return undefined;
  };
  pool.query = answered as typeof pool.query;
}

/** Neither with a reader of its own (cursor, stream) nor with a callback inside. */
function isPlain(config: unknown): boolean {
  return typeof config === 'string' || (askedQuery(config) !== undefined && !('callback' in (config as object)));
}

/** What the server says of a statement leaves the connection as good as it was, once the server is ready for the next. */
function giveBackAfter(error: unknown, client: PoolClient): void {
  const { severity } = error as { severity?: unknown };
  const { readyForQuery } = client as WithStatus;
  if (severity !== 'ERROR' || readyForQuery === undefined) {
    client.release(true);
    return;
  }
  if (readyForQuery) {
    client.release(!isClean(client));
    return;
  }
  const done = (): void => {
    clearTimeout(timer);
    client.off('drain', done).off('end', done);
    client.release(!isClean(client));
  };
  const timer = setTimeout(done, READY_WITHIN_MS).unref();
  client.once('drain', done).once('end', done);
}

/** The server has said all there is to the last query, and no transaction is open. */
function isClean(client: WithStatus): boolean {
  return client.readyForQuery === true && client.getTransactionStatus?.() === 'I';
}

/**
 * pg-pool's own way. It hands on what a broken socket says before the query itself has heard of it, so the client's
 * `query` does not see all errors.
 */
function withTurned(query: Ask, turn: (error: unknown) => unknown, args: unknown[]): unknown {
  const at = args.findIndex((argument) => typeof argument === 'function');
  // A function as the first argument is a mistake, which pg says.
  if (at > 0) {
    const callback = args[at] as QueryCallback;
    args[at] = (error: unknown, result: unknown) => callback(error == null ? error : turn(error), result);
  }
  const answer = query(...args);
  if (!(answer instanceof Promise)) return answer;
  return answer.catch((error: unknown) => {
    throw turn(error);
  });
}
