import { parseArgs } from 'node:util';
import { createLogger, type Config, type Logger } from 'express-runbook';
import { createPool } from 'express-runbook/postgres';
import { failStart } from '../fail.js';
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
    if (config.isProduction && values.force !== true)
      throw new Error('seeds are for trying out: in production only with --force');
    await runSeeds(config.database.url, logger, values.file === undefined ? undefined : [values.file]);
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
  if (task === undefined) throw new Error(`unknown task ${name}; there are ${Object.keys(TASKS).join(', ')}`);
  const { config, profile } = loadSettings();
  const logger = createLogger({ service: profile.service, level: 'warn', format: config.log.format });
  try {
    await task(config, logger, args);
  } finally {
    await logger.close();
  }
}

main().catch(failStart);
