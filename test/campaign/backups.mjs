/* global setTimeout, clearTimeout */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import pg from 'pg';
import { succeeded } from '../consumers/bounded-process.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const KILLS = 10;
const SMOKE_KILLS = 2;
const ROWS = { full: 150_000, smoke: 50_000 };
const TIMEOUT_MS = 2 * 60_000;

/**
 * Backups that are killed at random moments, and one on a disk of 4 MB: what they leave, and whether the next run finds its way.
 * What is there under a name of its own must be good, however it came there.
 */
export async function backups({ isSmoke, row }) {
  const isInstalled = spawnSync('pg_dump', ['--version']).status === 0;
  if (!isInstalled) {
    await row('pg_dump', () => Promise.reject(new Error('is not installed: apt-get install postgresql-client')));
    return;
  }
  await succeeded('npm', ['run', '--silent', 'build:js'], { cwd: root, timeoutMs: TIMEOUT_MS });
  const { startEmbeddedPostgres } = await import(pathToFileURL(join(root, 'dist/testing.js')).href);
  const server = await startEmbeddedPostgres({ from: join(root, 'package.json'), database: 'shop' });
  const dir = await mkdtemp(join(tmpdir(), 'campaign-backups-'));
  try {
    await fill(server.url, isSmoke ? ROWS.smoke : ROWS.full);
    const whole = await timed(() => backup(server.url, dir, 'create'));
    await row(`a dump takes ${whole} ms`, () => proven(server.url, dir));
    for (let kill = 1; kill <= (isSmoke ? SMOKE_KILLS : KILLS); kill++) {
      const afterMs = Math.round(Math.random() * whole);
      await row(`kill -9 after ${afterMs} ms`, () => killed(server.url, dir, afterMs));
    }
    await row('a full disk of 4 MB', () => fullDisk(server.url));
  } finally {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function fill(url, rows) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `create table events as select n as id, md5(n::text) || md5((n + 1)::text) || md5((n * 7)::text) as text from generate_series(1, ${rows}) n`,
  );
  await client.end();
}

async function killed(url, dir, afterMs) {
  const before = await readdir(dir);
  const child = start(url, dir, 'create');
  const ended = once(child, 'close');
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
  await ended;
  clearTimeout(timer);
  const left = (await readdir(dir)).filter((name) => !before.includes(name));
  const next = await backup(url, dir, 'create');
  const after = await readdir(dir);
  const rest = after.filter((name) => name.includes('.partial-') || name.startsWith('.'));
  if (rest.length > 0) throw new Error(`the next run has left ${rest.join(', ')}`);
  const proof = await proven(url, dir);
  return `left ${kinds(left)}; then ${next.stderr.trim() === '' ? 'nothing to sweep' : 'swept up'}; ${proof}`;
}

/** Every backup that has its name is good: its manifest fits, and a restore of the newest has what was dumped. */
async function proven(url, dir) {
  const listed = JSON.parse((await backup(url, dir, 'list', '--json')).stdout);
  const bad = listed.filter(({ problem }) => problem !== undefined);
  if (bad.length > 0) throw new Error(bad.map(({ file, problem }) => `${file}: ${problem}`).join('; '));
  const alone = (await readdir(dir)).filter(
    (name) => !name.endsWith('.json') && !listed.some(({ file }) => file === name),
  );
  if (alone.length > 0) throw new Error(`without a manifest: ${alone.join(', ')}`);
  await backup(url, dir, 'verify', 'latest');
  return `${listed.length} good`;
}

async function fullDisk(url) {
  const disk = await mkdtemp(join(tmpdir(), 'campaign-disk-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]).status !== 0) {
    await rm(disk, { recursive: true });
    return 'skipped: only root may mount a disk';
  }
  try {
    const { code, stderr } = await result(start(url, disk, 'create', '--format', 'plain'));
    const left = await readdir(disk);
    if (code !== 1 || left.length > 0) throw new Error(`exit code ${code}, left ${left.join(', ')}: ${stderr}`);
    return `exit code 1, nothing left: ${stderr.trim().replace(disk, '<disk>')}`;
  } finally {
    spawnSync('umount', [disk]);
    await rm(disk, { recursive: true });
  }
}

function start(url, dir, command, ...args) {
  const argv = [join(root, 'dist/cli.js'), 'backup', command, '--dotenv', '/nonexistent', '--dir', dir, ...args];
  return spawn(process.execPath, argv, { env: { PATH: process.env.PATH, DATABASE_URL: url }, timeout: TIMEOUT_MS });
}

async function result(child) {
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (said.stderr += text));
  const [code] = await once(child, 'close');
  return { ...said, code };
}

async function backup(url, dir, ...args) {
  const said = await result(start(url, dir, ...args));
  if (said.code !== 0)
    throw new Error(`backup ${args.join(' ')} ended with ${said.code}: ${said.stderr}${said.stdout}`);
  return said;
}

async function timed(work) {
  const startedAt = Date.now();
  await work();
  return Date.now() - startedAt;
}

function kinds(names) {
  if (names.length === 0) return 'nothing';
  return names
    .map((name) =>
      name.includes('.partial-') ? 'a partial' : name.startsWith('.') ? 'a lock' : name.replace(/^.*?\./, '.'),
    )
    .join(', ');
}
