import { createRequire } from 'node:module';
import { startEmbeddedPostgres, type EmbeddedPostgres } from 'express-runbook/testing';
import { failStart } from './fail.js';
import { fromRoot, loadSettings, type Settings } from './settings.js';
import { createServiceLogger, createServiceShutdown, start } from './start.js';
import { serviceMigrator } from './tasks/migrations.js';
import { runSeeds } from './tasks/seeds.js';
import { welcome } from './welcome.js';

// The entry of `npm start` at the root of the repository: everything that is needed to look, on a bare machine.
async function main(): Promise<void> {
  const startedAt = performance.now();
  const given = loadSettings();
  const embedded = given.config.database.isConfigured ? undefined : await startDatabase(given);
  const settings = embedded === undefined ? given : withDatabase(given, embedded.url);
  const logger = createServiceLogger(settings);
  const shutdown = createServiceShutdown(settings, logger);
  // Hooks run in reverse order: the database outlives the pool that start() adds.
  if (embedded !== undefined) shutdown.add('embedded postgres', () => embedded.stop());
  try {
    await prepare(settings, logger);
    await start(settings, { logger, shutdown });
  } catch (error) {
    await logger.close();
    await embedded?.stop();
    throw error;
  }
  say(welcome({ service: settings.profile.service, config: settings.config, embedded, startedAt }));
}

async function startDatabase({ config }: Settings): Promise<EmbeddedPostgres> {
  say('  Starting embedded PostgreSQL …\n');
  return startEmbeddedPostgres({
    dataDir: fromRoot(config.embeddedPostgresDir),
    database: config.database.name,
    durable: true,
    shareExisting: true,
    from: __filename,
  });
}

function withDatabase(settings: Settings, url: string): Settings {
  return loadSettings({ DATABASE_URL: url });
}

/** Brings the database to what the API expects. A server that does not answer is named with the cure. */
async function prepare({ config }: Settings, logger: ReturnType<typeof createServiceLogger>): Promise<void> {
  try {
    await serviceMigrator(config.database.url, logger).run();
  } catch (error) {
    if (!isAway(error)) throw error;
    throw new Error('', { cause: error });
  }
  if (!config.isProduction) await runSeeds(config.database.url, logger);
}

/** For people only: standard output carries log lines and nothing else, and a pipe wants no welcome. */
function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(text);
}

main().catch(failStart);
