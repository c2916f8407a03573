import { createRequire } from 'node:module';
import { codeOf, EmbeddedPostgresError } from './embedded-postgres-error.js';
import type { EmbeddedPostgresSettings } from './options.js';

interface Client {
  connect(): Promise<unknown>;
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  end(): Promise<void>;
}

/** As much of `pg` as is used here: it is the caller's own, found at run time. */
export interface PgModule {
  Client: new (options: { connectionString: string; connectionTimeoutMillis: number }) => Client;
  escapeIdentifier(name: string): string;
}

export function urlOf(port: number, database: string, { user, password }: EmbeddedPostgresSettings): string {
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  // pg reads the path back with decodeURI, user and password with decodeURIComponent.
  return `postgres://${login}@127.0.0.1:${String(port)}/${encodeURI(database)}`;
}

/** Makes the application's database when it is not there; says which version the server has. */
export async function prepareDatabase(pg: PgModule, port: number, settings: EmbeddedPostgresSettings): Promise<string> {
  const connectionString = urlOf(port, 'postgres', settings);
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: settings.startTimeoutMs });
  await connect(client, settings);
  try {
    const { rows } = await client.query(
      "select current_setting('server_version') as version, exists (select from pg_database where datname = $1) as there",
      [settings.database],
    );
    if (rows[0]?.there !== true) await createDatabase(client, pg.escapeIdentifier(settings.database));
    return String(rows[0]?.version);
  } finally {
    await client.end();
  }
}

/** The caller's own `pg`. */
export function loadPg(from: string | URL): PgModule {
  try {
    // require, not import: what pg exports is what its types say, in the CommonJS build of this package too.
    return createRequire(from)('pg') as PgModule;
  } catch (error) {
    throw new EmbeddedPostgresError('ERR_EMBEDDED_POSTGRES_NOT_INSTALLED', 'pg is not installed: npm install pg', {
      cause: error,
    });
  }
}

async function connect(client: Client, { user }: EmbeddedPostgresSettings): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    if (!['28P01', '28000'].includes(codeOf(error) ?? '')) throw error;
    throw new EmbeddedPostgresError(
      'ERR_EMBEDDED_POSTGRES_FOLDER',
      `the folder was made for another user or password than "${user}" and the one given: give those, or remove the folder`,
      { cause: error },
    );
  }
}

async function createDatabase(client: Client, identifier: string): Promise<void> {
  try {
    await client.query(`create database ${identifier}`);
  } catch (error) {
    // Made by another instance in the same moment: duplicate_database, or unique_violation when it was closer still.
    if (!['42P04', '23505'].includes(codeOf(error) ?? '')) throw error;
  }
}
