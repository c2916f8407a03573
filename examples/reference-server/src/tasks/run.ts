import { parseArgs } from 'node:util';
import { createLogger, type Config, type Logger } from 'express-runbook';
import { createPool } from 'express-runbook/postgres';
import { doesNotAnswer, failStart, StartError } from '../fail.js';
import { loadSettings } from '../settings.js';
import { serviceMigrator } from './migrations.js';
import { runSeeds } from './seeds.js';

type Task = (config: Config, logger: Logger, args: readonly string[]) => Promise<void>;

const TASKS: Readonly<Record<string, Task>> = {
  'migration:run': async ({ database }, logger) => {
    const applied = await serviceMigrator(database.url, logger).run();
    print(applied.length === 0 ? 'nothing to apply' : applied.map((name) => `applied ${name}`).join('\n'));
  },
  'migration:revert': async ({ database }, logger) => {
    const reverted = await serviceMigrator(database.url, logger).revert();
    print(reverted === undefined ? 'nothing to revert' : `reverted ${reverted}`);
  },
  'migration:show': async ({ database }, logger) => {
    const rows = await serviceMigrator(database.url, logger).status();
    print(rows.map(({ name, appliedAt }) => `[${appliedAt === undefined ? ' ' : 'X'}] ${name}`).join('\n'));
  },
  seed: async (config, logger, args) => {
    const { values } = parseArgs({
      args: [...args],
      options: { file: { type: 'string' }, force: { type: 'boolean' } },
    });
    if (config.isProduction && values.force !== true) {
      throw new StartError('seeds are for trying out: in production only with --force');
    }
    const applied = await runSeeds(config.database.url, logger, values.file === undefined ? undefined : [values.file]);
    print(applied.map((file) => `applied ${file}`).join('\n'));
  },
  'db:ping': async ({ database }) => {
    const pool = createPool({ connectionString: database.url, connectionTimeoutMs: database.connectionTimeoutMs });
    try {
      const { rows } = await pool.query<{ name: string }>('SELECT current_database() AS name');
      print(`database ${rows[0]?.name ?? ''} answers`);
    } finally {
      await pool.close();
    }
  },
};

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function main(): Promise<void> {
  const [name = '', ...args] = process.argv.slice(2);
  const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
  if (task === undefined) throw new StartError(`unknown task ${name}; there are ${Object.keys(TASKS).join(', ')}`);
  const { config, profile } = loadSettings();
  const logger = createLogger({ service: profile.service, level: 'warn', format: config.log.format });
  try {
    await task(config, logger, args);
  } catch (error) {
    throw isConnectionError(error) ? new StartError(doesNotAnswer(config.database), { cause: error }) : error;
  } finally {
    await logger.close();
  }
}

/** Whether the server could not be reached at all; what it says itself (a wrong password, say) speaks for itself. */
function isConnectionError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // The pool and the migrator have codes of their own; the seeds run on a plain client.
  const poolCodes = ['ERR_POOL_CONNECTION_LOST', 'ERR_POOL_CONNECT_TIMEOUT'];
  return [...poolCodes, 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT'].includes(code);
}

main().catch(failStart);
