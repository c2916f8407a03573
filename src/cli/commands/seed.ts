import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { onDatabase, type DatabaseCall } from '../database/on-database.js';
import { withClient, type Client } from '../database/with-client.js';
import { defaultExport, notLoaded } from '../default-export.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { said } from '../option-values.js';
import { printResult } from '../print-result.js';
import type { Terminal } from '../terminal.js';

interface SeedOptions {
  readonly dir?: string;
  readonly file?: string;
  readonly force?: true;
  readonly dryRun?: true;
}

type Seed = (client: Client) => Promise<unknown>;

const SEEDS_DIR = 'seeds';
const SEED_FILE = /^(?!index\.)[^.].*(?<!\.d)\.(?:sql|[cm]?[jt]s)$/;
const EXPLAINED = `
A seed is an .sql file, or a module (CommonJS or ESM) that exports a function: module.exports = async ({ client }) => { … }
Each runs in a transaction of its own, and should leave the same rows however often it is run. All of the folder run in the
order of their names, or in the order in which the index.js of the folder lists them.
Exit codes: 0 done, 1 refused or failed, 2 wrong usage or settings, 130 interrupted.`;

export function seed(program: Command, terminal: Terminal): void {
  const command = program
    .command('seed')
    .summary('fill the database with rows for trying out')
    .description('Fills the database with rows for trying out. Refuses production unless --force is said.')
    .option('--file <path>', 'this seed alone, e.g. seeds/users.js', said)
    .option('--dir <folder>', `folder with the seeds (default: ${SEEDS_DIR})`, said)
    .option('--force', 'in production, too')
    .option('--dry-run', 'say which seeds would run, and run none')
    .addHelpText('after', EXPLAINED);
  onDatabase(command, terminal, run);
}

async function run(call: DatabaseCall<SeedOptions>): Promise<void> {
  const { file, dir = SEEDS_DIR, force, dryRun } = call.options;
  if (call.config.isProduction && force !== true) {
    throw new CommandError('seeds are for trying out: in production only with --force', EXIT.failed);
  }
  const files = file === undefined ? await seedsIn(dir) : [file];
  if (dryRun === true) return printResult(call, { seeds: files }, lines(files, 'would apply'));
  // All are loaded before the first is run.
  const seeds = await Promise.all(files.map(async (path) => [path, await load(path)] as const));
  for (const [path, apply] of seeds) await withClient(call, (client) => inTransaction(client, path, apply));
  return printResult(call, { applied: files }, lines(files, 'applied'));
}

async function seedsIn(dir: string): Promise<string[]> {
  const names = await namesIn(dir);
  const index = names.find((name) => /^index\.[cm]?js$/.test(name));
  const listed =
    index === undefined ? names.filter((name) => SEED_FILE.test(name)).sort() : await listIn(join(dir, index));
  return listed.map((name) => join(dir, name));
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    throw new CommandError(`cannot read the folder of the seeds: ${(error as Error).message}`, EXIT.failed);
  }
}

async function listIn(path: string): Promise<string[]> {
  const list = await defaultExport(path);
  if (Array.isArray(list) && list.every((name) => typeof name === 'string')) return list;
  throw new CommandError(
    `${path} must export the names of the seeds in their order: module.exports = ['users.js']`,
    EXIT.failed,
  );
}

async function load(path: string): Promise<Seed> {
  if (path.endsWith('.sql')) {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      throw notLoaded(path, error);
    });
    return (client) => client.query(text);
  }
  const seed = await defaultExport(path);
  if (isSeedFunction(seed)) return (client) => seed({ client });
  throw new CommandError(`${path} must export a function: module.exports = async ({ client }) => { … }`, EXIT.failed);
}

function isSeedFunction(seed: unknown): seed is (tools: { client: Client }) => Promise<unknown> {
  return typeof seed === 'function';
}

async function inTransaction(client: Client, path: string, seed: Seed): Promise<void> {
  try {
    await client.query('BEGIN');
    // Two at once would both find nothing there yet.
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('express-runbook:seed', 0))`);
    await seed(client);
    await client.query('COMMIT');
  } catch (error) {
    // The connection is closed next, which rolls back.
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`the seed ${path} failed and left nothing behind: ${reason}`, EXIT.failed);
  }
}

function lines(files: readonly string[], verb: string): string {
  return files.length === 0 ? 'no seeds' : files.map((file) => `${verb} ${file}`).join('\n');
}
