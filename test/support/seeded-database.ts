import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { testDatabase } from './postgres.js';
import { REFERENCE_SERVER } from './reference-server.js';

export interface TaskResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the reference server's npm scripts (`migration:run`, `seed` …) on a database; rejects when it fails. */
export async function runTask(url: string, name: string, ...args: string[]): Promise<TaskResult> {
  const { scripts } = JSON.parse(readFileSync(join(REFERENCE_SERVER, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  // Without npm, whose start costs more than most tasks.
  const [node = '', ...words] = (scripts[name] ?? '').split(' ');
  if (node !== 'node') throw new Error(`${name} is no script that runs node`);
  const noEnvFile = name === 'migration:create' ? [] : ['--dotenv', '/nonexistent/.env'];
  return promisify(execFile)(process.execPath, [...words, ...noEnvFile, ...args], {
    cwd: REFERENCE_SERVER,
    env: { PATH: process.env.PATH, DATABASE_URL: url },
  });
}

/** A database of its own, migrated and seeded as the runbooks do it. */
export async function seededDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const database = await testDatabase();
  await runTask(database.url, 'migration:run');
  await runTask(database.url, 'seed');
  return database;
}
