import { randomBytes } from 'node:crypto';
import { withCommandPool } from '../database/command-pool.js';
import type { DatabaseCall } from '../database/on-database.js';
import { CommandError, EXIT } from '../exit-codes.js';

/** A call on an empty database beside the configured one. */
export type ScratchCall = Pick<DatabaseCall, 'pool' | 'signal' | 'terminal'>;

const PREFIX = 'express_runbook_scratch_';
const NO_PRIVILEGE = '42501';
const FORGOTTEN_MS = 3_600_000;

/**
 * Runs work on a database that is made for it on the configured server and dropped whatever happens, an interruption too.
 * Its name is of letters, digits and underscores: the time, and chance.
 */
export async function withScratch<Result>(
  call: DatabaseCall,
  work: (scratch: ScratchCall) => Promise<Result>,
): Promise<Result> {
  const { pool, signal, terminal, config } = call;
  const name = `${PREFIX}${Date.now()}_${randomBytes(6).toString('hex')}`;
  const url = new URL(config.database.url);
  url.pathname = `/${name}`;
  signal.throwIfAborted();
  await pool.query(`CREATE DATABASE ${name}`).catch((error: unknown) => {
    throw (error as { code?: string }).code === NO_PRIVILEGE ? notAllowed() : error;
  });
  try {
    signal.throwIfAborted();
    return await withCommandPool({ ...config.database, url: url.href }, (scratch) =>
      work({ pool: scratch, signal, terminal }),
    );
  } finally {
    await pool.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

/** Names those that a killed run could not drop. They are left alone: somebody may be looking into one. */
export async function tellForgotten({ pool, terminal }: Pick<DatabaseCall, 'pool' | 'terminal'>): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(`SELECT datname AS name FROM pg_database WHERE datname LIKE $1`, [
    `${PREFIX.replaceAll('_', '\\_')}%`,
  ]);
  for (const { name } of rows) {
    const [, madeAt] = /^express_runbook_scratch_(\d{13})_[0-9a-f]{12}$/.exec(name) ?? [];
    if (madeAt === undefined || Date.now() - Number(madeAt) < FORGOTTEN_MS) continue;
    terminal.complain(`warning: a run that was killed left a database behind: DROP DATABASE ${name};\n`);
  }
}

function notAllowed(): CommandError {
  const cure = 'ALTER ROLE … CREATEDB, or say DATABASE_URL of a server for trying out';
  return new CommandError(
    `this user may not make databases, and the comparison needs two of its own: ${cure}`,
    EXIT.failed,
  );
}
