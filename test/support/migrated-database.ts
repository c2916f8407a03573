import type { Logger } from 'express-runbook';
import { fromExample } from './example-sources.js';
import { testDatabase, type TestDatabase } from './postgres.js';
import { recordingLogger } from './recording-logger.js';

type ServiceMigrator = (url: string, logger: Logger) => { run(): Promise<unknown> };
type RunSeeds = (url: string, logger: Logger) => Promise<void>;

/** A database of its own with the reference server's tables, made in this process: `seededDatabase` runs the runbook's commands for it. */
export async function migratedDatabase({ isSeeded = false } = {}): Promise<TestDatabase> {
  const database = await testDatabase();
  const logger = recordingLogger();
  const { serviceMigrator } = await fromExample('tasks/migrations.ts');
  await (serviceMigrator as ServiceMigrator)(database.url, logger).run();
  if (isSeeded) await ((await fromExample('tasks/seeds.ts')).runSeeds as RunSeeds)(database.url, logger);
  return database;
}
