import type { ObservedPool } from '../../postgres/index.js';

/** A connection, as far as commands use it. */
export interface Client {
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as pg has it: the caller says what a row is
  query<Row extends object>(text: string, values?: unknown[]): Promise<{ rows: Row[]; rowCount: number | null }>;
}

const CANCEL_AGAIN_MS = 500;

/** Runs work on one connection without time limits; when the signal is aborted, what runs there is cancelled. */
export async function withClient<Result>(
  { pool, signal }: { pool: ObservedPool; signal: AbortSignal },
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const stopWatching = cancelWhenAborted(pool, signal, rows[0]?.pid);
    try {
      // The role or the database may have limits of its own.
      await client.query('SET statement_timeout = 0; SET lock_timeout = 0');
      signal.throwIfAborted();
      return await work(client);
    } finally {
      stopWatching();
    }
  } finally {
    // Nobody else shall have its settings, or a transaction that was not ended.
    client.release(true);
  }
}

/** Again and again: the signal may come between two statements. */
function cancelWhenAborted(pool: ObservedPool, signal: AbortSignal, pid: number | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    timer = setTimeout(cancel, CANCEL_AGAIN_MS);
    // A database that cannot be told so has lost the statement with its connection.
    pool.query('SELECT pg_cancel_backend($1)', [pid]).catch(() => undefined);
  };
  signal.addEventListener('abort', cancel);
  return () => {
    signal.removeEventListener('abort', cancel);
    clearTimeout(timer);
  };
}
