import type { Command } from 'commander';
import type { Config } from '../../index.js';
import type { ObservedPool } from '../../postgres/index.js';
import { interruptible } from '../interruptible.js';
import type { Terminal } from '../terminal.js';
import { withCommandPool } from './command-pool.js';
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
  try {
    await withCommandPool(database, (pool) => work({ ...call, pool }));
  } catch (error) {
    throw inWords(error, database);
  }
}

/** Runs work on another database of the server. */
export function onOtherDatabase<Result>(
  { config }: { readonly config: Config },
  name: string,
  work: (pool: ObservedPool) => Promise<Result>,
): Promise<Result> {
  const url = new URL(config.database.url);
  url.pathname = `/${encodeURIComponent(name)}`;
  return withCommandPool({ ...config.database, url: url.href }, work);
}
