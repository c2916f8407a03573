import { randomBytes } from 'node:crypto';
import type { Config } from '../../index.js';
import type { ObservedPool } from '../../postgres/index.js';
import { onOtherDatabase } from '../database/on-database.js';

interface ScratchCall {
  readonly config: Config;
  readonly signal: AbortSignal;
  /** Of the server, on whichever database. */
  readonly pool: ObservedPool;
}

const PREFIX = 'express_runbook_scratch_';
/** In use is what somebody is connected to. */
const LEFT = `
  SELECT format('DROP DATABASE %I', datname) AS sql FROM pg_database d
  WHERE starts_with(datname, $1) AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)`;

/** Runs work with the name of a new, empty database, which is gone afterwards; those of killed runs are swept up. */
export async function inScratchDatabase<Result>(
  call: ScratchCall,
  work: (database: string, pool: ObservedPool) => Promise<Result>,
): Promise<Result> {
  await sweep(call.pool);
  const database = PREFIX + randomBytes(6).toString('hex');
  await createDatabase(call.pool, database);
  try {
    return await onOtherDatabase(call, database, async (pool) => {
      // Connected from here on: another run's sweep leaves it alone.
      const holder = await pool.connect();
      try {
        return await work(database, pool);
      } finally {
        holder.release(true);
      }
    });
  } finally {
    await dropDatabase(call.pool, database);
  }
}

export async function createDatabase(pool: ObservedPool, database: string): Promise<void> {
  await pool.query(await sqlOf(pool, 'CREATE DATABASE %I TEMPLATE template0', database));
}

export async function dropDatabase(pool: ObservedPool, database: string): Promise<void> {
  // What a cut command has left connected goes too.
  await pool.query(await sqlOf(pool, 'DROP DATABASE IF EXISTS %I WITH (FORCE)', database));
}

async function sweep(pool: ObservedPool): Promise<void> {
  const { rows } = await pool.query<{ sql: string }>(LEFT, [PREFIX]);
  for (const { sql } of rows) {
    // Another run is quicker, or has just connected: its database then.
    await pool.query(sql).catch(() => undefined);
  }
}

/** Names cannot be parameters of these statements. */
async function sqlOf(pool: ObservedPool, format: string, name: string): Promise<string> {
  const { rows } = await pool.query<{ sql: string }>('SELECT format($1, $2::text) AS sql', [format, name]);
  return rows[0]?.sql ?? '';
}
