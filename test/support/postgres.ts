import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import {
  createTestPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  type TestDatabase,
} from 'express-runbook/testing';
import { postgresFrom } from './postgres-from.js';

export type { TestDatabase };

/** A new, empty database on the server of this run: nobody else knows its name. */
export async function testDatabase(): Promise<TestDatabase> {
  const postgres = await createTestPostgres({ url: inject('postgresAdminUrl'), from: import.meta.url });
  return postgres.createDatabase();
}

/** A server of the test's own, to kill, freeze and fill up. The test stops it. */
export function testServer(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ from: postgresFrom(import.meta.url), ...options });
}

/** A place for a server's data that outlives one start; readable by the account that Postgres runs as when the tests are root. */
export function serverFolder(): { dataDir: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'server-'));
  chmodSync(folder, 0o755);
  return {
    dataDir: join(folder, 'data'),
    remove: () => {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
