import type { EventEmitter } from 'node:events';
import type { PoolClient } from 'pg';

/** `pg.Query`, as far as its end can be seen. */
interface Readable extends EventEmitter {
  text?: string;
  name?: string;
  callback?: unknown;
  handleError(error: unknown, connection: unknown): void;
  handleReadyForQuery(connection: unknown): void;
}

/**
 * A `pg.Query` that the caller reads row by row: it ends when the server has said everything. Cursors and streams are
 * none: they end when their reader is done, and a time that depends on the reader says nothing about the database.
 */
export function readableQuery(client: PoolClient, submitted: unknown): Readable | undefined {
  const { Query } = client.constructor as { Query?: abstract new (...args: never[]) => object };
  // Of the client's own copy of pg; a client of another driver has none.
  return Query !== undefined && submitted instanceof Query ? (submitted as Readable) : undefined;
}

/**
 * Calls `onEnd` once when the query is over; `turn` makes of an error the one that the caller gets. To be called before pg
 * has the query: for its `query_timeout` pg sets a callback of its own, and emits no `error` then, so that a reader would
 * wait for ever (pg/lib/client.js). Here it is emitted, if somebody listens.
 */
export function onEndOf(
  query: Readable,
  hasCallback: boolean,
  onEnd: () => void,
  turn: (error: unknown) => unknown,
): void {
  let isOver = false;
  const end = (): void => {
    if (!isOver) onEnd();
    isOver = true;
  };
  const handleError = query.handleError.bind(query);
  const handleReadyForQuery = query.handleReadyForQuery.bind(query);
  query.handleError = (error, connection) => {
    const isFirst = !isOver;
    end();
    const turned = turn(error);
    const isUnheard = !hasCallback && query.callback !== undefined;
    handleError(turned, connection);
    if (isFirst && isUnheard && query.listenerCount('error') > 0) query.emit('error', turned);
  };
  query.handleReadyForQuery = (connection) => {
    end();
    handleReadyForQuery(connection);
  };
}
