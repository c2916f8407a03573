import type { Config } from '../../index.js';
import type { ObservedPool } from '../../postgres/index.js';
import { CommandError, EXIT } from '../exit-codes.js';

/** A connection, as far as commands use it. */
export interface Client {
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as pg has it: the caller says what a row is
  query<Row extends object>(text: string, values?: unknown[]): Promise<{ rows: Row[]; rowCount: number | null }>;
}

const CANCEL_AGAIN_MS = 500;

interface ClientCall {
  readonly pool: ObservedPool;
  readonly signal: AbortSignal;
  /** Where it is not known, any pooler is refused. */
  readonly config?: Pick<Config, 'database'>;
}

/**
 * Runs work on a session without time limits; when the signal is aborted, what runs there is cancelled. A pooler that gives no
 * session is refused: what is set there would stay with the service, and the statement that is cancelled be somebody else's.
 */
export async function withClient<Result>(
  { pool, signal, config }: ClientCall,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    const pid = await pidOf(client);
    // What the server said at the start; PgBouncer says a number of its own there, and pg's types leave it out.
    const { processID } = client as Client & { processID?: number };
    if (pid !== processID && config?.database.pooler !== 'session') throw behindPooler();
    return await cancelledBy({ pool, signal }, pid, async () => {
      // The role or the database may have limits of its own.
      await client.query('SET statement_timeout = 0; SET lock_timeout = 0');
      signal.throwIfAborted();
      return work(client);
    });
  } finally {
    // Nobody else shall have its settings, or a transaction that was not ended.
    client.release(true);
  }
}

/** The same for work that reads, as one transaction: that is ours alone behind any pooler. */
export async function withReader<Result>(
  { pool, signal }: Omit<ClientCall, 'config'>,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN READ ONLY; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0');
    const result = await cancelledBy({ pool, signal }, await pidOf(client), async () => {
      signal.throwIfAborted();
      return work(client);
    });
    await client.query('ROLLBACK');
    return result;
  } finally {
    client.release(true);
  }
}

async function pidOf(client: Client): Promise<number | undefined> {
  return (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
}

function behindPooler(): CommandError {
  const cure =
    'say DATABASE_URL of the server itself for this call, or DB_POOLER=session where PgBouncer gives sessions';
  return new CommandError(
    `this needs a session of its own, and a pooler such as PgBouncer stands between: ${cure}`,
    EXIT.failed,
  );
}

async function cancelledBy<Result>(
  { pool, signal }: Omit<ClientCall, 'config'>,
  pid: number | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const stopWatching = cancelWhenAborted(pool, signal, pid);
  try {
    return await work();
  } finally {
    stopWatching();
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
