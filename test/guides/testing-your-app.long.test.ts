import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { expect, it } from 'vitest';
import { ROOT } from '../repo/source-files.js';
import { freePort } from '../support/reference-server.js';
import setup from './testing-your-app/global-setup.js';

const HERE = join(ROOT, 'test/guides/testing-your-app');

// A test of its own, which starts the quick-start at this port.
process.env.TEST_PORT = String(await freePort());
await import('./testing-your-app/process.js');

it('the tests for node:test pass, as ES module and as CommonJS', async () => {
  const args = ['--test', '--test-reporter=tap', join(HERE, 'orders.mjs'), join(HERE, 'orders.cjs')];
  // node:test writes for its own parent where it believes to be a child of another run.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
  expect(stdout).toMatch(/^# pass 2$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
});

it('the global set-up provides a Postgres, and takes it away', async () => {
  const { TEST_DATABASE_URL: given } = process.env;
  delete process.env.TEST_DATABASE_URL;
  const provided: Record<string, string> = {};
  // It calls nothing else of the project.
  const project = { provide: (name: string, value: string) => void (provided[name] = value) } as unknown as TestProject;
  const teardown = await setup(project);
  const client = new pg.Client({ connectionString: provided.postgresAdminUrl });
  await client.connect();
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await client.end();
  await teardown();
  await expect(new pg.Client({ connectionString: provided.postgresAdminUrl }).connect()).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  if (given !== undefined) process.env.TEST_DATABASE_URL = given;
});
