import pg from 'pg';
import type { Client, ClientConfig } from 'pg';
import { withDeadline } from '../../core/deadline.js';
import type { MigratorSettings } from './options.js';

const GOODBYE_MS = 1000;

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
    return await work(client);
  } finally {
    await withDeadline(client.end(), GOODBYE_MS);
    client.connection.stream.destroy();
  }
}

// Never DISCARD ALL: it would give up the lock as well. The role or database may have a time-out of its own, so it is set.
const RESET = 'RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; SET statement_timeout = 0';

/** What one migration SET, its role too, is not there for its record and for the next one. */
export async function resetSession(client: Client): Promise<void> {
  await client.query(RESET);
}

function configOf({ pool, connectionString }: MigratorSettings): ClientConfig {
  // pg hides the password from copying; the two time-outs are for requests.
  const address = pool === undefined ? { connectionString } : { ...pool.options, password: pool.options.password };
  return { ...address, statement_timeout: 0, query_timeout: 0, application_name: 'express-runbook migrations' };
}
