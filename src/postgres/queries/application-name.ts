import type { Pool, PoolClient } from 'pg';
import type { ContextFields } from '../../core/context.js';

/** Puts the request id into a connection's `application_name`, for as long as it is checked out. */
export interface NamedConnection {
  /** To wait for before the query is sent; nothing when the connection has its name already. */
  before(context: Readonly<ContextFields> | undefined): Promise<unknown> | undefined;
}

/** PostgreSQL cuts the name off after 63 bytes (NAMEDATALEN). */
const MAX_BYTES = 63;

type Query = (text: string) => Promise<unknown>;

/**
 * Set before the first query of a checkout, before its BEGIN then, so that no ROLLBACK takes it back; reset when the
 * connection lies idle again, so that nobody reads there the id of a request that is over.
 */
export function nameConnections(pool: Pool): (client: PoolClient, query: Query) => NamedConnection {
  const connections = new WeakMap<PoolClient, { released(): void }>();
  pool.on('release', (error: Error | boolean | null | undefined, client) => {
    // pg-pool closes the client of an error.
    if (error == null || error === false) connections.get(client)?.released();
  });

  return (client, query) => {
    // Null: not known, because setting it failed.
    let current: string | undefined | null;
    let isFresh = true;
    let reset: NodeJS.Immediate | undefined;
    let running: Promise<unknown> | undefined;

    function set(name: string | undefined): void {
      current = name;
      const sql =
        name === undefined ? 'RESET application_name' : `SET application_name = ${client.escapeLiteral(name)}`;
      const work: Promise<unknown> = Promise.resolve(running)
        .then(() => query(sql))
        .catch(() => {
          // The connection is broken or in an aborted transaction: the query that follows says so to its caller.
          current = null;
        })
        .then(() => {
          if (running === work) running = undefined;
        });
      running = work;
    }

    connections.set(client, {
      released() {
        isFresh = true;
        // Who waits for this connection gives it a name of its own, and spares the reset.
        if (current !== undefined) reset = setImmediate(() => !pool.ending && set(undefined));
      },
    });

    return {
      before(context) {
        if (!isFresh) return running;
        isFresh = false;
        clearImmediate(reset);
        const name = nameOf(pool, context?.requestId);
        if (name !== current) set(name);
        return running;
      },
    };
  };
}

/** `<application>:<request id>`; of the two the application's part gives way. */
function nameOf(pool: Pool, requestId: string | undefined): string | undefined {
  if (requestId === undefined) return undefined;
  const id = printable(requestId).slice(0, MAX_BYTES);
  const application = printable(pool.options.application_name ?? '');
  const room = MAX_BYTES - id.length - 1;
  return room > 0 && application !== '' ? `${application.slice(0, room)}:${id}` : id;
}

/** PostgreSQL keeps printable ASCII only, and a byte for each of these is a character. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
