/* global fetch, AbortSignal */
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from 'express-runbook/testing';
import { succeeded } from '../consumers/bounded-process.mjs';

const ECOSYSTEM = fileURLToPath(new URL('../../examples/reference-server/ecosystem.config.js', import.meta.url));
const NAME = 'builder-api';
const WORKERS = 2;
const INSTALL_TIMEOUT_MS = 5 * 60_000;
const SETTLE_TIMEOUT_MS = 10_000;

/** `/metrics` of the built reference server in pm2's cluster mode: whichever worker is asked tells of the whole service, also over a reload. */
export async function pm2Metrics({ isSmoke, row }) {
  const postgres = await startEmbeddedPostgres({ from: import.meta.url });
  const folder = await mkdtemp(join(tmpdir(), 'campaign-pm2-'));
  try {
    const service = await serviceIn(folder, postgres.url);
    if (!(await row('pm2 7', () => service.install()))) return;
    try {
      const isUp = await row(`${WORKERS} workers`, () => service.start());
      const work = { requests: isSmoke ? 40 : 400, scrapes: isSmoke ? 20 : 200 };
      if (isUp && (await row('totals of both', () => totals(service, work)))) {
        await row('totals over a reload', () => totalsOverReload(service, work.requests));
      }
    } finally {
      await service.kill();
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function serviceIn(folder, databaseUrl) {
  const port = await freePort();
  const home = join(folder, 'pm2');
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, PM2_HOME: home, TMPDIR: folder, LOG_DIR: folder, ENV_FILE: join(folder, 'none') };
  Object.assign(env, { NODE_ENV: 'development', HOST: '127.0.0.1', PORT: String(port), DATABASE_URL: databaseUrl });
  Object.assign(env, { RATE_LIMIT_MAX: '1000000' });
  const pm2 = (...args) =>
    succeeded(process.execPath, [join(folder, 'node_modules/pm2/bin/pm2'), ...args], { cwd: folder, env });
  return {
    url: `http://127.0.0.1:${port}`,
    async install() {
      await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
      const args = ['install', '--no-audit', '--no-fund', '--silent', 'pm2@7'];
      await succeeded('npm', args, { cwd: folder, timeoutMs: INSTALL_TIMEOUT_MS });
      const { version } = JSON.parse(await readFile(join(folder, 'node_modules/pm2/package.json'), 'utf8'));
      return version;
    },
    /** With the file that the runbooks start it with; only the number of workers does not depend on the machine. */
    async start() {
      const text = `const { apps: [app] } = require(${JSON.stringify(ECOSYSTEM)});
module.exports = { apps: [{ ...app, instances: ${WORKERS} }] };\n`;
      await writeFile(join(folder, 'ecosystem.config.js'), text);
      await pm2('start', 'ecosystem.config.js');
      const { stdout } = await pm2('jlist');
      const states = JSON.parse(stdout.slice(stdout.indexOf('[{'))).map(({ pm2_env: { status } }) => status);
      if (states.join() !== 'online,online') throw new Error(`workers are ${states.join()}`);
      return states.join(', ');
    },
    reload: () => pm2('reload', NAME),
    kill: () => pm2('kill'),
    /** How many requests each worker has in its log. */
    async answered() {
      const logs = (await readdir(join(home, 'logs'))).filter((file) => /-out-\d+\.log$/.test(file));
      const texts = await Promise.all(logs.map((file) => readFile(join(home, 'logs', file), 'utf8')));
      return texts.map((text) => text.match(/\/dev\/items\/7/g)?.length ?? 0);
    },
  };
}

async function totals(service, { requests, scrapes }) {
  await work(service, requests);
  await settled(service, requests);
  for (let n = 0; n < scrapes; n++) expectSame(await totalOf(service), requests);
  const answered = await service.answered();
  if (answered.length !== WORKERS || answered.includes(0)) throw new Error(`one worker did all: ${answered.join()}`);
  return `${scrapes} scrapes say ${requests} (${answered.join(' + ')})`;
}

/** Prometheus takes a counter that falls for a restart. */
async function totalsOverReload(service, requests) {
  const seen = new Set();
  let isDone = false;
  const reloaded = service.reload().finally(() => (isDone = true));
  let scrapes = 0;
  for (; !isDone; scrapes++) seen.add(await totalOf(service));
  await reloaded;
  seen.add(await totalOf(service));
  if ([...seen].join() !== String(requests)) throw new Error(`${requests} became ${[...seen].join()}`);
  await work(service, requests);
  await settled(service, 2 * requests);
  return `${scrapes} scrapes say ${requests}, afterwards ${2 * requests}`;
}

async function work({ url }, requests) {
  for (let n = 0; n < requests; n++) expectSame((await get(`${url}/dev/items/7`)).status, 200);
}

/** Requests are counted once they are over, a moment after their answer. */
async function settled(service, expected) {
  const until = Date.now() + SETTLE_TIMEOUT_MS;
  while ((await totalOf(service)) !== expected && Date.now() < until);
  expectSame(await totalOf(service), expected);
}

async function totalOf({ url }) {
  const text = await (await get(`${url}/metrics`)).text();
  const value = /^http_requests_total\{method="GET",endpoint="\/dev\/items\/:id",status="200"\} (\d+)$/m.exec(
    text,
  )?.[1];
  return value === undefined ? undefined : Number(value);
}

/** On a connection of its own, so that the next worker has its turn. */
function get(url) {
  return fetch(url, { headers: { Connection: 'close' }, signal: AbortSignal.timeout(SETTLE_TIMEOUT_MS) });
}

function expectSame(actual, expected) {
  if (actual !== expected) throw new Error(`${actual} instead of ${expected}`);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
