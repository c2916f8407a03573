import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'express-runbook';
import { createPool, waitForDatabase } from 'express-runbook/postgres';
import { startEmbeddedPostgres, type EmbeddedPostgres } from 'express-runbook/testing';
import { demandSecrets } from './auth/secrets.js';
import { doesNotAnswer, failStart, StartError } from './fail.js';
import { fromRoot, loadSettings, type Settings } from './settings.js';
import { createServiceOps, start } from './start.js';
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
  const ops = createServiceOps(settings);
  // Hooks run in reverse order: the database outlives the pool that start() adds.
  if (embedded !== undefined) ops.shutdown.add('embedded postgres', () => embedded.stop());
  ops.shutdown.add('stand-ins', () => standIns.close());
  try {
    await prepare(settings, ops.logger);
    const port = portOf(await start(settings, ops));
    say(
      welcome({ service: settings.profile.service, config: settings.config, port, embedded, standIns: standIns.urls }),
    );
  } catch (error) {
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

function portOf(server: Server): number {
  // Listening on a host and port, so it is neither null nor the path of a socket.
  return (server.address() as AddressInfo).port;
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
