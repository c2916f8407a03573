import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { testDatabase } from './postgres.js';
import { REFERENCE_SERVER } from './reference-server.js';

export interface TaskResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the reference server's tasks (`migration:run`, `seed` …) on a database; rejects when it fails. */
export async function runTask(url: string, ...args: string[]): Promise<TaskResult> {
  return promisify(execFile)(process.execPath, [join(REFERENCE_SERVER, 'dist/task.js'), ...args], {
    env: { PATH: process.env.PATH, ENV_FILE: '/nonexistent/.env', DATABASE_URL: url },
  });
}

/** A database of its own, migrated and seeded as the runbooks do it. */
export async function seededDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const database = await testDatabase();
  await runTask(database.url, 'migration:run');
  await runTask(database.url, 'seed');
  return database;
}
