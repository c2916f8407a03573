import { createMigrator } from 'express-runbook/postgres';

const migrator = createMigrator({
  connectionString: process.env.DATABASE_URL, // the server itself, no pooler
  dir: process.env.MIGRATIONS_DIR ?? 'migrations',
});

export const planned = await migrator.plan('run');
export const applied = await migrator.run(); // [] when there is nothing to do
export const status = await migrator.status();
