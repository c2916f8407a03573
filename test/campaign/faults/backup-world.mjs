import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres } from 'express-runbook/testing';
import { tied } from '../processes.mjs';

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const ROWS = { full: 150_000, smoke: 50_000 };
const TIMEOUT_MS = 2 * 60_000;
const CONTENT = `select count(*) || ' rows, ' || md5(string_agg(text, ',' order by id)) as content from events`;

/** One server with a database `shop` for all rows about backups; it is started by the first that asks for it. */
export function backupWorld({ isSmoke }) {
  let started;
  return {
    get: () => (started ??= startWorld(isSmoke ? ROWS.smoke : ROWS.full)),
    close: async () => (await started?.catch(() => undefined))?.close(),
  };
}

async function startWorld(rows) {
  if (spawnSync('pg_dump', ['--version']).status !== 0)
    throw new Error('pg_dump is not installed: apt-get install postgresql-client');
  const server = await startEmbeddedPostgres({ from: import.meta.url, database: 'shop' });
  const closing = [() => server.stop()];
  const world = {
    url: server.url,
    client: await connected(server.url),
    /** A folder that is gone in the end. */
    async folder(name) {
      const path = await mkdtemp(join(tmpdir(), `campaign-${name}-`));
      closing.push(() => rm(path, { recursive: true, force: true }));
      return path;
    },
    /** `backup …` as a process of its own, still running. */
    start: (dir, ...args) => started(server.url, dir, args),
    /** The same to its end, which must be a good one. */
    async done(dir, ...args) {
      const { code, stdout, stderr } = await started(server.url, dir, args).ended;
      if (code !== 0) throw new Error(`backup ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
      return { stdout, stderr };
    },
    /** What is in another database of the server, to be compared. */
    async contentOf(database) {
      const client = await connected(urlOf(server.url, database));
      const { rows: found } = await client.query(CONTENT);
      await client.end();
      return found[0].content;
    },
    /** A database with other rows than `shop`, new each time. */
    async newTarget() {
      await world.client.query('drop database if exists target with (force)');
      await world.client.query('create database target');
      const client = await connected(urlOf(server.url, 'target'));
      await client.query(`create table events as select n as id, 'before' as text from generate_series(1, 1000) n`);
      await client.end();
      return world.contentOf('target');
    },
    async close() {
      await world.client.end();
      for (const close of closing) await close();
    },
  };
  await world.client.query(
    `create table events as select n as id, md5(n::text) || md5((n + 1)::text) || md5((n * 7)::text) as text from generate_series(1, ${rows}) n`,
  );
  world.dir = await world.folder('backups');
  const startedAt = Date.now();
  await world.done(world.dir, 'create', '--name', 'good.dump');
  world.createMs = Date.now() - startedAt;
  return world;
}

function started(url, dir, args) {
  const argv = [CLI, 'backup', ...args, '--dotenv', '/nonexistent', '--dir', dir];
  const env = { PATH: process.env.PATH, DATABASE_URL: url };
  const child = tied(spawn(process.execPath, argv, { env, timeout: TIMEOUT_MS }));
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (said.stderr += text));
  const ended = once(child, 'close').then(([code, signal]) => ({ ...said, code, signal }));
  return { child, ended };
}

/** Every backup that has its name is good: its manifest fits, and a restore of the newest has what was dumped. Gives their number. */
export async function provenIn(world, dir) {
  const listed = JSON.parse((await world.done(dir, 'list', '--json')).stdout);
  const alone = (await readdir(dir)).filter(
    (name) => !name.endsWith('.json') && !listed.some(({ file }) => file === name),
  );
  if (alone.length > 0) throw new Error(`without a manifest: ${alone.join(', ')}`);
  await world.done(dir, 'verify', 'latest');
  return listed.length;
}

async function connected(url) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

function urlOf(url, database) {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href;
}
