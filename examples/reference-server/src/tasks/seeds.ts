import { join } from 'node:path';
import { Client } from 'pg';
import type { Logger } from 'express-runbook';
import { hashPassword } from '../auth/passwords.js';
import { fromRoot } from '../settings.js';

type Seed = (tools: { client: Client; hashPassword: typeof hashPassword }) => Promise<void>;

/** In this order: projects belong to users. */
const SEEDS = ['seeds/users.js', 'seeds/projects.js'];

/** Runs seed files, each in a transaction of its own. Running them again leaves the same rows. Gives their names. */
export async function runSeeds(
  connectionString: string,
  logger: Logger,
  files: readonly string[] = SEEDS,
): Promise<readonly string[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    for (const file of files) {
      await runSeed(client, file);
      logger.info({ file }, 'Seed applied');
    }
    return files;
  } finally {
    await client.end();
  }
}

async function runSeed(client: Client, file: string): Promise<void> {
  const seed = await loadSeed(file);
  await client.query('BEGIN');
  try {
    await seed({ client, hashPassword });
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`seed ${file} failed and left nothing behind`, { cause: error });
  }
}

async function loadSeed(file: string): Promise<Seed> {
  const module = (await import(join(fromRoot(file)))) as { default?: unknown };
  if (typeof module.default === 'function') return module.default as Seed;
  throw new Error(
    `${file} must export a function: module.exports = async function seed({ client, hashPassword }) { … }`,
  );
}
