import type { Config } from '../../index.js';
import type { ObservedPool } from '../../postgres/index.js';
import { inWords } from '../database/own-errors.js';
import type { Absent } from './absent.js';

/** The database of the service, which answers. */
export interface Database {
  readonly pool: ObservedPool;
  readonly settings: Config['database'];
  /** How long the first question took, its connection included. */
  readonly firstMs: number;
  /** Rows of a query that changes nothing. */
  rows<Row extends object>(text: string): Promise<Row[]>;
}

/** How to reach the database: once for all checks. */
export interface DatabaseAccess {
  open(): Promise<Database | Absent>;
  close(): Promise<void>;
}

const CLOSE_MS = 500;
const CURE = 'express-runbook db ping; pg_isready, and the log of the server';
const POOLER_CURE = 'DB_POOLER=session or DB_POOLER=transaction, as pool_mode of PgBouncer says';

export function databaseAccess(settings: Config | string, timeoutMs: number): DatabaseAccess {
  let pool: ObservedPool | undefined;
  let opened: Promise<Database | Absent> | undefined;

  async function open(): Promise<Database | Absent> {
    if (typeof settings === 'string') return { absent: 'the settings cannot be read: see config.settings' };
    const { database } = settings;
    if (!database.isConfigured) return { absent: 'no database is configured: set DATABASE_URL or the DB_ variables' };
    try {
      pool = await poolOf(database, timeoutMs);
      return await answering(pool, database);
    } catch (error) {
      const told = inWords(error, database);
      const absent = told instanceof Error ? told.message : String(told);
      return { absent, cure: absent.includes('startup parameter') ? POOLER_CURE : CURE };
    }
  }

  return {
    open: () => (opened ??= open()),
    close: () => pool?.close({ timeoutMs: CLOSE_MS }).then(() => undefined) ?? Promise.resolve(),
  };
}

/** Everything is bounded: a server that is frozen answers nothing, and whoever asks the doctor waits. */
async function poolOf({ url, ssl, pooler }: Config['database'], timeoutMs: number): Promise<ObservedPool> {
  const { createPool } = await import('../../postgres/index.js');
  return createPool({
    connectionString: url,
    ssl,
    pooler,
    max: 2,
    connectionTimeoutMs: timeoutMs,
    statementTimeoutMs: timeoutMs,
    queryTimeoutMs: timeoutMs,
    applicationName: 'express-runbook doctor',
  });
}

async function answering(pool: ObservedPool, settings: Config['database']): Promise<Database> {
  const startedAt = performance.now();
  await pool.query('SELECT 1');
  const firstMs = performance.now() - startedAt;
  return {
    pool,
    settings,
    firstMs,
    // Whoever writes the query types its rows.
    rows: async <Row extends object>(text: string) => (await pool.query(text)).rows as Row[],
  };
}
