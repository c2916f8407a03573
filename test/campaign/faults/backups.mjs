import { spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectSame, until } from '../processes.mjs';
import { provenIn } from './backup-world.mjs';

const KILLS = 10;
const RESTORE_KILLS = 5;
const EXIT_CODES = { SIGTERM: 143, SIGINT: 130 };
const needsRoot = () => (process.getuid() === 0 ? undefined : 'needs root, to mount a small disk');

/** What a dump leaves, and whether the next run finds its way: what is there under a name of its own must be good. */
async function killedDump(world) {
  const before = await readdir(world.dir);
  // The first third goes into starting Node.
  const afterMs = Math.round((0.3 + 0.7 * Math.random()) * world.createMs);
  const { child, ended } = world.start(world.dir, 'create');
  await Promise.race([sleep(afterMs), ended]);
  child.kill('SIGKILL');
  const { signal } = await ended;
  const left = (await readdir(world.dir)).filter((name) => !before.includes(name));
  const { stderr } = await world.done(world.dir, 'create');
  await nothingHalf(world.dir);
  const good = await provenIn(world, world.dir);
  const when = signal === null ? 'had ended before' : `killed after ${afterMs} ms`;
  return `${when}: left ${kinds(left)}; the next run ${firstLine(stderr) || 'had nothing to remove'}; ${good} good`;
}

async function endedDump(world, signal) {
  const dir = await world.folder('ended');
  const { child, ended } = world.start(dir, 'create');
  await until('it writes', async () => (await readdir(dir)).some((name) => name.includes('.partial-')), 20_000, 5);
  child.kill(signal);
  const { code, stderr } = await ended;
  expectSame('exit code', code, EXIT_CODES[signal]);
  expectSame('left', (await readdir(dir)).join(), '');
  await world.done(dir, 'create');
  return `exit code ${code}, "${firstLine(stderr)}", nothing left; the next run: ${await provenIn(world, dir)} good`;
}

async function fullDisk(world) {
  const disk = await mkdtemp(join(tmpdir(), 'campaign-disk-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]).status !== 0)
    throw new Error('cannot mount a disk of 4 MiB');
  try {
    const { code, stderr } = await world.start(disk, 'create', '--format', 'plain').ended;
    expectSame('exit code', code, 1);
    expectSame('left', (await readdir(disk)).join(), '');
    if (!stderr.includes(`the disk is full (ENOSPC): ${disk}`)) throw new Error(`does not name the disk: ${stderr}`);
    return `exit code 1, nothing left, "${firstLine(stderr).replace(disk, '<disk>')}"`;
  } finally {
    spawnSync('umount', [disk]);
    await rm(disk, { recursive: true });
  }
}

/** Each is done to the dump `bad` and its manifest; `other` is a whole backup of other rows. */
const DAMAGES = {
  'cut off in its middle': async (bad) => truncate(bad, Math.floor((await readFile(bad)).length / 2)),
  'one bit flipped': (bad) => flipped(bad),
  empty: (bad) => truncate(bad, 0),
  'another backup in its place': (bad, other) => copyFile(other, bad),
  'its manifest changed': (bad) => flipped(manifestOf(bad)),
  'its manifest that of another': (bad, other) => copyFile(manifestOf(other), manifestOf(bad)),
};

async function damagedBackup(world, damage) {
  const dir = await world.folder('damaged');
  for (const format of ['custom', 'plain', 'gzip'])
    await world.done(dir, 'create', '--format', format, '--name', format);
  await world.client.query(`insert into events values (0, 'one more')`);
  await world.done(dir, 'create', '--name', 'other');
  await world.client.query('delete from events where id = 0');
  const before = await world.newTarget();
  const words = new Set();
  for (const format of ['custom', 'plain', 'gzip']) {
    await damage(join(dir, format), join(dir, 'other'));
    const restore = world.start(dir, 'restore', format, '--into', 'target', '--force', 'target');
    const { code, stdout, stderr } = await restore.ended;
    if (code !== 1 || stdout !== '') throw new Error(`${format}: exit code ${code}, said ${stdout}${stderr}`);
    expectSame(`target after ${format}`, await world.contentOf('target'), before);
    words.add(firstLine(stderr).replaceAll(`${dir}/${format}`, '<file>'));
  }
  return `custom, plain and gzip refused with exit code 1, target untouched: ${[...words].join(' | ')}`;
}

async function killedRestores(world, kills) {
  const restored = await world.contentOf('shop');
  const args = ['restore', 'good.dump', '--into', 'target', '--force', 'target'];
  await world.newTarget();
  const startedAt = Date.now();
  await world.done(world.dir, ...args);
  const wholeMs = Date.now() - startedAt;
  const said = [];
  for (let kill = 0; kill < kills; kill++) {
    const before = await world.newTarget();
    const afterMs = Math.round((0.2 + 0.8 * Math.random()) * wholeMs);
    const { child, ended } = world.start(world.dir, ...args);
    await Promise.race([sleep(afterMs), ended]);
    child.kill('SIGKILL');
    const { signal } = await ended;
    await noSessionsIn(world);
    const after = await world.contentOf('target');
    if (after !== before && after !== restored) throw new Error(`after ${afterMs} ms the target has ${after}`);
    if (signal === null) expectSame('target after a restore that had ended', after, restored);
    said.push(
      `${afterMs} ms ${after === before ? 'unchanged' : 'wholly restored'}${signal === null ? ' (had ended)' : ''}`,
    );
  }
  await world.done(world.dir, ...args);
  expectSame('target after a restore that was left alone', await world.contentOf('target'), restored);
  return `target after ${said.join(', ')}; then restored`;
}

async function terminatedRestore(world) {
  const before = await world.newTarget();
  const { ended } = world.start(world.dir, 'restore', 'good.dump', '--into', 'target', '--force', 'target');
  let pid;
  const isCopying = async () => {
    const { rows } = await world.client.query(
      `select pid from pg_stat_activity where datname = 'target' and query like 'COPY public.events%' and state = 'active'`,
    );
    pid = rows[0]?.pid;
    return pid !== undefined;
  };
  await until('it restores the table', isCopying, 20_000, 1);
  await world.client.query('select pg_terminate_backend($1)', [pid]);
  const { code, stderr } = await ended;
  expectSame('exit code', code, 1);
  await noSessionsIn(world);
  expectSame('target', await world.contentOf('target'), before);
  return `exit code 1, target unchanged, "${firstLine(stderr).slice(0, 160)}"`;
}

/** psql of a killed restore ends when it finds its input closed. */
function noSessionsIn(world) {
  const query = `select from pg_stat_activity where datname = 'target'`;
  return until('nobody is in the target', async () => (await world.client.query(query)).rowCount === 0, 20_000, 20);
}

async function nothingHalf(dir) {
  const half = (await readdir(dir)).filter((name) => name.includes('.partial-') || name.startsWith('.'));
  if (half.length > 0) throw new Error(`the next run has left ${half.join(', ')}`);
}

async function flipped(path) {
  const bytes = await readFile(path);
  bytes[Math.floor(bytes.length / 2)] ^= 1;
  await writeFile(path, bytes);
}

function manifestOf(path) {
  return `${path}.manifest.json`;
}

function firstLine(text) {
  return text.trim().split('\n')[0];
}

function kinds(names) {
  const kind = (name) => (name.includes('.partial-') ? 'a partial file' : name.startsWith('.') ? 'a lock' : name);
  return names.map(kind).join(', ') || 'nothing';
}

export const BACKUP_FAULTS = [
  ...Array.from({ length: KILLS }, (_, n) => ({
    id: 'F28',
    about: `backup: kill -9 at a random moment, ${n + 1} of ${KILLS}`,
    isSmoke: n < 2,
    run: async ({ backups }) => killedDump(await backups.get()),
  })),
  ...Object.keys(EXIT_CODES).map((signal) => ({
    id: 'F28',
    about: `backup: ${signal} while it writes`,
    run: async ({ backups }) => endedDump(await backups.get(), signal),
  })),
  {
    id: 'F29',
    about: 'backup: a disk of 4 MiB',
    isSmoke: true,
    skipped: needsRoot,
    run: async ({ backups }) => fullDisk(await backups.get()),
  },
  ...Object.entries(DAMAGES).map(([about, damage]) => ({
    id: 'F30',
    about: `backup: ${about}`,
    run: async ({ backups }) => damagedBackup(await backups.get(), damage),
  })),
  {
    id: 'F31',
    about: `restore: kill -9 at ${RESTORE_KILLS} random moments`,
    run: async ({ backups }) => killedRestores(await backups.get(), RESTORE_KILLS),
  },
  {
    id: 'F31',
    about: 'restore: its session ended by the server',
    isSmoke: true,
    run: async ({ backups }) => terminatedRestore(await backups.get()),
  },
];
