import pg from 'pg';
import type { Client, ClientConfig } from 'pg';
import { withDeadline } from '../../core/deadline.js';
import { reasonOf } from '../pool/connection-loss.js';
import { MigrationError } from './migration-error.js';
import type { MigratorSettings } from './options.js';

const GOODBYE_MS = 1000;
const CANCEL_AGAIN_MS = 500;

/** Runs `work` on a connection of its own: no statement time-out cuts a long migration, and the lock stays with it. */
export async function withMigrationClient<Result>(
  settings: MigratorSettings,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(configOf(settings));
  // Unheard it would end the process; whoever runs a query learns of it there.
  client.on('error', (error) => {
    settings.logger.warn({ error: error.message }, 'The database connection of the migrations was lost');
  });
  client.on('notice', ({ severity, message }) => {
    if (severity === 'WARNING') settings.logger.warn({ warning: message }, 'Database warning during a migration');
  });
  try {
    await client.connect();
    await resetSession(client);
    return await interruptible(client, settings, () => work(client));
  } finally {
    await withDeadline(client.end(), GOODBYE_MS);
    client.connection.stream.destroy();
  }
}

// Never DISCARD ALL: it would give up the lock as well. The role or database may have a time-out of its own, so it is set.
const RESET = 'RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; SET statement_timeout = 0';

// From version 14 on the server can notice within a second that a migrating process was killed, instead of at the end of the
// statement: the lock is free again, and nothing more is done in its name. Other systems than Linux may refuse the setting.
const WATCH_CLIENT = `SELECT set_config(name, '1s', false) FROM pg_settings
  WHERE name = 'client_connection_check_interval' AND version() ILIKE '%linux%'`;

/** What one migration SET, its role too, is not there for its record and for the next one. */
export async function resetSession(client: Client): Promise<void> {
  await client.query(RESET);
  await client.query(WATCH_CLIENT);
}

/**
 * Refuses a pooler between us and the server: the lock belongs to a server session, and another client may be given it.
 * PgBouncer answers with a process id of its own, in order to take cancel requests itself.
 */
export async function refusePooler(client: Client): Promise<void> {
  // What pg keeps of the server's BackendKeyData, for its own cancel requests; its types leave it out.
  const { processID } = client as Client & { processID?: number };
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  if (rows[0]?.pid === processID) return;
  const cure = 'connect to Postgres itself, for this call alone with DATABASE_URL set to its direct address';
  throw new MigrationError('ERR_MIGRATION_POOLER', `migrations do not run through a pooler such as PgBouncer; ${cure}`);
}

/** Once the signal is aborted, cancels what runs, again and again: a migration may have more statements than one. */
async function interruptible<Result>(
  client: Client,
  settings: MigratorSettings,
  work: () => Promise<Result>,
): Promise<Result> {
  const { signal, logger } = settings;
  if (signal === undefined) return work();
  signal.throwIfAborted();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const pid = rows[0]?.pid;
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    timer = setTimeout(cancel, CANCEL_AGAIN_MS);
    cancelBackend(settings, pid).catch((error: unknown) => {
      logger.warn({ error: reasonOf(error) }, 'The running migration could not be cancelled');
    });
  };
  signal.addEventListener('abort', cancel);
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', cancel);
    clearTimeout(timer);
  }
}

async function cancelBackend(settings: MigratorSettings, pid: number | undefined): Promise<void> {
  const canceller = new pg.Client(configOf(settings));
  try {
    await canceller.connect();
    await canceller.query('SELECT pg_cancel_backend($1)', [pid]);
  } finally {
    await canceller.end();
  }
}

function configOf({ pool, connectionString }: MigratorSettings): ClientConfig {
  // pg hides the password from copying; the two time-outs are for requests.
  const address = pool === undefined ? { connectionString } : { ...pool.options, password: pool.options.password };
  return { ...address, statement_timeout: 0, query_timeout: 0, application_name: 'express-runbook migrations' };
}
