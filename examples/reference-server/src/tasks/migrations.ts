import type { Logger } from 'express-runbook';
import { createMigrator, type Migrator } from 'express-runbook/postgres';
import { fromRoot } from '../settings.js';

export function serviceMigrator(connectionString: string, logger: Logger): Migrator {
  return createMigrator({ connectionString, dir: fromRoot('migrations'), logger });
}
