import type { Server } from 'node:http';
import type { Logger } from 'express-runbook';
import { createPool, waitForDatabase } from 'express-runbook/postgres';
import { startEmbeddedPostgres, type EmbeddedPostgres } from 'express-runbook/testing';
import { demandSecrets } from './auth/secrets.js';
import { doesNotAnswer, failStart, StartError } from './fail.js';
import { fromRoot, loadSettings, type Settings } from './settings.js';
import { createService, start } from './start.js';
import { startStandIns } from './stand-ins/stand-ins.js';
import { serviceMigrator } from './tasks/migrations.js';
import { runSeeds } from './tasks/seeds.js';
import { welcome } from './welcome.js';

/** How long `npm start` waits for a database that is not its own. */
const ANSWER_WITHIN_MS = 5000;

// The entry of `npm start` at the root of the repository: everything that is needed to look, on a bare machine.
async function main(): Promise<void> {
  const given = loadSettings();
  demandSecrets(given.config);
  const embedded = given.config.database.isConfigured ? undefined : await startDatabase(given);
  const standIns = await startStandIns(given);
  const settings = loadSettings({
    ...(embedded === undefined ? {} : { DATABASE_URL: embedded.url }),
    ...standIns.overrides,
  });
  const service = createService(settings);
  const { ops } = service;
  // Hooks run in reverse order: the database outlives the pool that start() adds.
  if (embedded !== undefined) ops.shutdown.add('embedded postgres', () => embedded.stop());
  ops.shutdown.add('stand-ins', () => standIns.close());
  // From here on a signal stops the database as well, instead of leaving it to its watchdog.
  ops.shutdown.install();
  try {
    await prepare(settings, ops.logger);
    const port = portOf(await start(settings, service));
    if (port === undefined) return;
    say(
      welcome({ service: settings.profile.service, config: settings.config, port, embedded, standIns: standIns.urls }),
    );
  } catch (error) {
    // What was cut off by a signal is no failure to start, and the shutdown ends the process.
    if (ops.shutdown.state() !== 'starting') return;
    await ops.logger.close();
    await embedded?.stop();
    throw error;
  }
}

async function startDatabase({ config }: Settings): Promise<EmbeddedPostgres> {
  say('  Starting embedded PostgreSQL …\n');
  return startEmbeddedPostgres({
    dataDir: fromRoot(config.embeddedPostgresDir),
    database: config.database.name,
    durable: true,
    from: __filename,
  });
}

/** None when it was told to stop before it listened. */
function portOf(server: Server): number | undefined {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : undefined;
}

/** Brings the database to what the API expects. A server of the user's that does not answer is named, with the cure. */
async function prepare({ config }: Settings, logger: Logger): Promise<void> {
  const pool = createPool({ connectionString: config.database.url, max: 1, logger });
  try {
    await waitForDatabase(pool, { timeoutMs: ANSWER_WITHIN_MS, logger });
  } catch (error) {
    throw new StartError(doesNotAnswer(config.database), { cause: error });
  } finally {
    await pool.close();
  }
  await serviceMigrator(config.database.url, logger).run();
  if (!config.isProduction) await runSeeds(config.database.url, logger);
}

/** For people only: standard output carries log lines and nothing else, and a pipe wants no welcome. */
function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(text);
}

main().catch(failStart);
