import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from 'express-runbook/testing';

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Removes it, cutting whoever is still connected. */
  drop(): Promise<void>;
}

/** A new, empty database on the server of this run: nobody else knows its name. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(`create database ${name}`);
  const url = new URL(inject('postgresAdminUrl'));
  url.pathname = `/${name}`;
  return { url: url.href, name, drop: () => asAdmin(`drop database if exists ${name} with (force)`) };
}

/** A server of the test's own, to kill, freeze and fill up. The test stops it. */
export function testServer(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ from: import.meta.url, ...options });
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

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresAdminUrl') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
