import { AsyncResource } from 'node:async_hooks';
import type { PoolClient } from 'pg';
import type { ContextFields, GetContext } from '../../core/context.js';
import type { NamedConnection } from './application-name.js';
import { askedQuery, type AskedQuery } from './asked-query.js';
import { onEndOf, readableQuery } from './own-reader.js';
import { withComment } from './sql-comment.js';

/** One query that is over, well or badly. */
export interface FinishedQuery {
  readonly text: string;
  readonly name: string | undefined;
  readonly durationMs: number;
  /** Of the caller, not of whoever made the connection free. */
  readonly context: Readonly<ContextFields> | undefined;
}

export interface QueryHooks {
  readonly getContext: GetContext;
  finished(query: FinishedQuery): void;
  /** Makes of an error the one that the caller gets. */
  turn(error: unknown): unknown;
  /** Whether the text is sent with a comment that says who asks. */
  readonly isCommented: boolean;
  /** Gives the connection its name; absent where connections are not named. */
  named?(client: PoolClient, query: (text: string) => Promise<unknown>): NamedConnection;
}

type QueryCallback = (error: unknown, result: unknown) => void;

/**
 * Every query of this client is reported once, those of `pool.query` too, because they end here. The result gets
 * `duration`. What ends when its reader is done (cursor, stream) passes untouched: its pace is the reader's.
 */
export function observeQueries(client: PoolClient, hooks: QueryHooks): void {
  // One signature for pg's seven overloads: the arguments go on as they came.
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const connection = hooks.named?.(client, query as (text: string) => Promise<unknown>);

  const observed = (...args: unknown[]): unknown => {
    const context = hooks.getContext();
    const ready = connection?.before(context);
    const asked = askedQuery(args[0]);
    if (asked === undefined) return ownReader(args, context, ready);
    if (hooks.isCommented && !asked.isPrepared) args[0] = commented(args[0], asked, context);
    const startedAt = performance.now();
    const finish = (result?: unknown): unknown => {
      const durationMs = performance.now() - startedAt;
      addDuration(result, durationMs);
      hooks.finished({ text: asked.text, name: asked.name, durationMs, context });
      return result;
    };
    const onCall = (callback: QueryCallback): QueryCallback => {
      // pg calls back in the context of whatever last used the socket.
      const caller = new AsyncResource('express-runbook.query');
      return (error, result) => {
        finish(result);
        caller.runInAsyncScope(callback, undefined, error == null ? error : hooks.turn(error), result);
      };
    };
    if (replaceCallback(args, onCall)) return ready === undefined ? query(...args) : later(ready, args);
    const answer = ready === undefined ? query(...args) : ready.then(() => query(...args));
    if (!(answer instanceof Promise)) return answer;
    return answer.then(finish, (error: unknown) => {
      finish();
      throw hooks.turn(error);
    });
  };

  function ownReader(args: unknown[], context: FinishedQuery['context'], ready: Promise<unknown> | undefined): unknown {
    const readable = readableQuery(client, args[0]);
    if (readable !== undefined) {
      const { text = '', name } = readable;
      const startedAt = performance.now();
      const onEnd = (): void => hooks.finished({ text, name, durationMs: performance.now() - startedAt, context });
      const hasCallback = readable.callback !== undefined || args.some((argument) => typeof argument === 'function');
      onEndOf(readable, hasCallback, onEnd, (error) => hooks.turn(error));
    }
    // Without a reader it is a mistake, which pg says at once.
    return ready === undefined || args[0] == null ? query(...args) : later(ready, args);
  }

  /** For the forms that answer by other ways than a promise; pg gives back the reader, where there is one. */
  function later(ready: Promise<unknown>, args: unknown[]): unknown {
    void ready.then(() => query(...args));
    return askedQuery(args[0]) === undefined ? args[0] : undefined;
  }

  client.query = observed as typeof client.query;
}

/** Puts another callback in the place of the caller's, wherever pg would look for it; false when there is none. */
function replaceCallback(args: unknown[], replace: (callback: QueryCallback) => QueryCallback): boolean {
  const at = args.findIndex((argument) => typeof argument === 'function');
  if (at !== -1) {
    args[at] = replace(args[at] as QueryCallback);
    return true;
  }
  const [config] = args;
  if (typeof config !== 'object' || config === null || !('callback' in config)) return false;
  if (typeof config.callback !== 'function') return false;
  args[0] = withProperty(config, 'callback', replace(config.callback as QueryCallback));
  return true;
}

function commented(config: unknown, { text }: AskedQuery, context: FinishedQuery['context']): unknown {
  const withContext = withComment(text, context);
  return typeof config === 'string' ? withContext : withProperty(config as object, 'text', withContext);
}

/** The caller's object stays as it is. Not a copy: what SQL template libraries give has its `text` on the prototype. */
function withProperty(config: object, name: string, value: unknown): unknown {
  return Object.create(config, { [name]: { value, enumerable: true, writable: true } });
}

/** Several statements in one text have several results; each tells the time of the whole. */
function addDuration(result: unknown, durationMs: number): void {
  if (typeof result !== 'object' || result === null) return;
  (result as { duration?: number }).duration = durationMs;
  if (Array.isArray(result)) for (const one of result) addDuration(one, durationMs);
}
