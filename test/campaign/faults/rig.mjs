import { Buffer } from 'node:buffer';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { transform } from 'esbuild';
import { startEmbeddedPostgres } from 'express-runbook/testing';
import { freePort, startServer } from '../processes.mjs';

/** Short times, so that a row takes seconds; in the proportions of the defaults. */
const TIMES = {
  HEALTH_CHECK_TIMEOUT: '800ms',
  HEALTH_CHECK_CACHE_TTL: '200ms',
  DB_CONNECTION_TIMEOUT: '800',
  DB_STATEMENT_TIMEOUT: '1000',
};
/** What a query takes at most: for a connection, then for its answer, which is given a second more than the statement. */
export const SETTLES_WITHIN_MS = 800 + 2000 + 1000;

/** A Postgres, a cable with faults to it, and the reference server at its other end. */
export async function createRig({ env = {}, settings, withDatabase = true, ...server } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'campaign-faults-'));
  // Postgres runs as another user when the campaign runs as root.
  await chmod(folder, 0o755);
  const closing = [() => rm(folder, { recursive: true, force: true, maxRetries: 10 })];
  const rig = {
    folder,
    async close() {
      for (const close of closing.splice(0).reverse()) await close();
    },
    /** Done at the end, last added first. */
    onClose: (close) => closing.push(close),
    /** A connection of the operator's, beside the cable. */
    async admin() {
      const client = new pg.Client({ connectionString: rig.postgres.url });
      client.on('error', () => undefined);
      await client.connect();
      closing.push(() => client.end().catch(() => undefined));
      return client;
    },
  };
  try {
    const database = withDatabase ? await startDatabase(rig, folder, settings, closing) : {};
    rig.server = await startServer({ ...server, env: { ...TIMES, ...database, ...env } });
    closing.push(() => rig.server.remove());
  } catch (error) {
    await rig.close();
    throw error;
  }
  return rig;
}

async function startDatabase(rig, folder, settings = {}, closing) {
  const port = await freePort();
  const start = () => startEmbeddedPostgres({ dataDir: join(folder, 'data'), port, settings, from: import.meta.url });
  rig.postgres = await start();
  rig.restartPostgres = async () => {
    rig.postgres = await start();
  };
  closing.push(() => rig.postgres.stop());
  rig.cable = await faultProxy(rig.postgres.url);
  closing.push(() => rig.cable.close());
  return { DATABASE_URL: rig.cable.url };
}

/** The cable that the tests have; it is TypeScript, which Node 20 does not read. */
export async function faultProxy(url) {
  const file = fileURLToPath(new URL('../../support/fault-proxy.ts', import.meta.url));
  const { code } = await transform(await readFile(file, 'utf8'), { loader: 'ts', format: 'esm' });
  const module = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
  return module.faultProxy(url);
}

/** The processes of a Postgres server: its children have process groups of their own. */
export async function processesOf(pid) {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean);
  return [pid, ...children.map(Number)];
}

export async function memoryOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
