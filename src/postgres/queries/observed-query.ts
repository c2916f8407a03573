import { AsyncResource } from 'node:async_hooks';
import type { PoolClient } from 'pg';
import type { ContextFields, GetContext } from '../../core/context.js';

/** One query that is over, well or badly. */
export interface FinishedQuery {
  readonly text: string;
  readonly durationMs: number;
  /** Of the caller, not of whoever made the connection free. */
  readonly context: Readonly<ContextFields> | undefined;
}

type QueryCallback = (error: unknown, result: unknown) => void;

/**
 * Every query of this client is reported once, those of `pool.query` too, because they end here. The result gets
 * `duration`, and `turn` makes of an error the one that the caller gets. What brings its own reader (cursor, stream,
 * `pg.Query`) passes untouched: its pace is the reader's.
 */
export function observeQueries(
  client: PoolClient,
  getContext: GetContext,
  report: (query: FinishedQuery) => void,
  turn: (error: unknown) => unknown,
): void {
  // One signature for pg's seven overloads: the arguments go on as they came.
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;

  const observed = (...args: unknown[]): unknown => {
    const text = textOf(args[0]);
    if (text === undefined) return query(...args);
    const context = getContext();
    const startedAt = performance.now();
    const finish = (result?: unknown): unknown => {
      const durationMs = performance.now() - startedAt;
      addDuration(result, durationMs);
      report({ text, durationMs, context });
      return result;
    };
    const fail = (error: unknown): never => {
      finish();
      throw turn(error);
    };
    const at = args.findIndex((argument) => typeof argument === 'function');
    if (at !== -1) {
      const callback = args[at] as QueryCallback;
      // pg calls back in the context of whatever last used the socket.
      args[at] = AsyncResource.bind((error: unknown, result: unknown) => {
        finish(result);
        callback(turn(error), result);
      });
      return query(...args);
    }
    const answer = query(...args);
    return answer instanceof Promise ? answer.then(finish, fail) : answer;
  };
  client.query = observed as typeof client.query;
}

function textOf(config: unknown): string | undefined {
  if (typeof config === 'string') return config;
  if (typeof config !== 'object' || config === null || 'submit' in config) return undefined;
  return 'text' in config && typeof config.text === 'string' ? config.text : undefined;
}

/** Several statements in one text have several results; each tells the time of the whole. */
function addDuration(result: unknown, durationMs: number): void {
  if (typeof result !== 'object' || result === null) return;
  (result as { duration?: number }).duration = durationMs;
  if (Array.isArray(result)) for (const one of result) addDuration(one, durationMs);
}
