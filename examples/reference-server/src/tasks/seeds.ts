import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Logger } from 'express-runbook';
import { fromRoot } from '../settings.js';

type Seed = (tools: { client: Client }) => Promise<void>;

const requireSeed = createRequire(__filename);

/** What `npm run seed` does, for a start that finds an empty database. Running the seeds again leaves the same rows. */
export async function runSeeds(connectionString: string, logger: Logger): Promise<void> {
  const folder = fromRoot('seeds');
  // seeds/index.js lists them in their order; each is a function.
  const files = requireSeed(folder) as string[];
  const client = new Client({ connectionString });
  await client.connect();
  try {
    for (const file of files) {
      await runSeed(client, requireSeed(join(folder, file)) as Seed, file);
      logger.info({ file }, 'Seed applied');
    }
  } finally {
    await client.end();
  }
}

async function runSeed(client: Client, seed: Seed, file: string): Promise<void> {
  await client.query('BEGIN');
  try {
    await seed({ client });
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`seed ${file} failed and left nothing behind`, { cause: error });
  }
}
