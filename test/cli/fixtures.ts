import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { testDatabase, type TestDatabase } from '../support/postgres.js';

/** A database with a connection to it, for each test of a file or for all of them. */
export function useDatabase(forWhom: 'each' | 'all'): {
  readonly url: string;
  readonly name: string;
  readonly client: pg.Client;
} {
  let database: TestDatabase;
  let client: pg.Client;
  const [before, after] = forWhom === 'each' ? [beforeEach, afterEach] : [beforeAll, afterAll];
  before(async () => {
    database = await testDatabase();
    client = await connected(database.url);
  });
  after(async () => {
    await client.end();
    await database.drop();
  });
  return {
    get url() {
      return database.url;
    },
    get name() {
      return database.name;
    },
    get client() {
      return client;
    },
  };
}

export async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** An empty folder for each test of a file. */
export function useFolder(): { readonly path: string; write(files: Readonly<Record<string, string>>): Promise<void> } {
  let path = '';
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'cli-'));
  });
  afterEach(() => rm(path, { recursive: true }));
  return {
    get path() {
      return path;
    },
    async write(files) {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(path, name)), { recursive: true });
        await writeFile(join(path, name), text);
      }
    },
  };
}
