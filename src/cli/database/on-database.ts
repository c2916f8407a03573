import type { Command } from 'commander';
import type { Config } from '../../index.js';
import type { ObservedPool } from '../../postgres/index.js';
import { interruptible } from '../interruptible.js';
import type { Terminal } from '../terminal.js';
import { configured, withConfigSource, type ConfigSource } from './configured.js';
import { inWords } from './own-errors.js';

/** What a command that works on the database has at hand. */
export interface DatabaseCall<Options = object> {
  readonly terminal: Terminal;
  readonly config: Config;
  /** Without time limits; a person waits, and may interrupt. */
  readonly pool: ObservedPool;
  readonly signal: AbortSignal;
  readonly args: readonly string[];
  readonly options: Options & { readonly json?: true };
}

const APPLICATION_NAME = 'express-runbook cli';
/** A person has more patience than a request. */
const CONNECT_MS = 10_000;
const CLOSE_MS = 1000;

/** Has a command run `work` on the database that the environment names. */
export function onDatabase<Options extends object>(
  command: Command,
  terminal: Terminal,
  work: (call: DatabaseCall<Options>) => Promise<void>,
): void {
  withConfigSource(command)
    .option('--json', 'one JSON document on standard output')
    .action(async () => {
      // Whoever adds the options types them.
      const options = command.opts<Options & ConfigSource & { json?: true }>();
      const config = await configured(options, terminal);
      await interruptible((signal) => run({ terminal, config, signal, options, args: command.args }, work));
    });
}

async function run<Options extends object>(
  call: Omit<DatabaseCall<Options>, 'pool'>,
  work: (call: DatabaseCall<Options>) => Promise<void>,
): Promise<void> {
  const { database } = call.config;
  let pool: ObservedPool | undefined;
  try {
    pool = await patientPool(database);
    await work({ ...call, pool });
  } catch (error) {
    throw inWords(error, database);
  } finally {
    await pool?.close({ timeoutMs: CLOSE_MS });
  }
}

/** A pool of a person's command on the database, or on another one of the same server. */
async function patientPool(database: Config['database'], name?: string): Promise<ObservedPool> {
  const { createPool } = await import('../../postgres/index.js');
  const url = new URL(database.url);
  if (name !== undefined) url.pathname = `/${encodeURIComponent(name)}`;
  return createPool({
    connectionString: name === undefined ? database.url : url.href,
    ssl: database.ssl,
    max: 2,
    connectionTimeoutMs: Math.max(database.connectionTimeoutMs, CONNECT_MS),
    statementTimeoutMs: 0,
    lockTimeoutMs: 0,
    idleInTransactionTimeoutMs: 0,
    applicationName: APPLICATION_NAME,
  });
}

/** Runs work on another database of the server. */
export async function onOtherDatabase<Result>(
  { config }: { readonly config: Config },
  name: string,
  work: (pool: ObservedPool) => Promise<Result>,
): Promise<Result> {
  const pool = await patientPool(config.database, name);
  try {
    return await work(pool);
  } finally {
    await pool.close({ timeoutMs: CLOSE_MS });
  }
}
