import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express } from 'express';
import { loadConfig } from 'express-runbook';
import { createTestPostgres, testOps, type TestOps } from 'express-runbook/testing';
import { createApp } from '../src/app.js';
import { authSecrets } from '../src/auth/secrets.js';
import { createServiceEvents } from '../src/events/service-events.js';
import { profileOf } from '../src/profiles/index.js';
import { createServicePool } from '../src/start.js';
import { serviceMigrator } from '../src/tasks/migrations.js';
import { runSeeds } from '../src/tasks/seeds.js';
import { createWork } from '../src/work.js';

export interface TestService extends Pick<TestOps, 'logs' | 'metrics'> {
  /** For supertest. */
  readonly app: Express;
  close(): Promise<void>;
}

/** The whole service in this process, on a PostgreSQL of its own, migrated and seeded. Nothing in the environment has a say in it. */
export async function testService(): Promise<TestService> {
  const uploads = mkdtempSync(join(tmpdir(), 'uploads-'));
  const postgres = await createTestPostgres({ from: __filename });
  const { url } = await postgres.createDatabase();
  const profile = profileOf('builder');
  const env = { NODE_ENV: 'test', DATABASE_URL: url, UPLOADS_DIR: uploads, RATE_LIMIT_MAX: '1000' };
  const config = loadConfig({ env, envFile: false, profile: profile.settings, isTerminal: false });
  const { ops, logs, metrics, close } = testOps({ service: profile.service, config });
  await serviceMigrator(url, ops.logger).run();
  await runSeeds(url, ops.logger);

  const settings = { profile, config };
  const pool = createServicePool(settings, ops);
  ops.addPool(pool);
  const parts = { ops, pool, redis: undefined };
  const work = createWork(settings, parts);
  const events = createServiceEvents(settings, parts);
  work.jobs.start();
  events.start();
  const secrets = authSecrets(config, ops.logger);
  return {
    app: createApp({ ...parts, work, events, secrets, name: profile.service, version: '0.1.0' }),
    logs,
    metrics,
    async close() {
      await close();
      await postgres.stop();
      rmSync(uploads, { recursive: true });
    },
  };
}
