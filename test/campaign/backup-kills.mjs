import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from 'express-runbook/testing';
import { finished } from '../consumers/bounded-process.mjs';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const GONE_MS = 15_000;

/** kill -9 at random moments of a base backup and of a recovery: what is left looks good only when it is. */
export async function backupKills({ isSmoke, row }) {
  const dir = await mkdtemp(join(tmpdir(), 'campaign-kills-'));
  await chmod(dir, 0o755);
  const wal = join(dir, 'wal');
  await mkdir(wal);
  const settings = { archive_mode: 'on', archive_command: `test ! -e ${wal}/%f && cp %p ${wal}/%f` };
  const postgres = await startEmbeddedPostgres({ from: import.meta.url, settings });
  try {
    const { uid, gid } = await stat(postgres.dataDir);
    await chown(wal, uid, gid);
    const service = serviceIn(dir, postgres.url, await binariesOf(postgres.url));
    const kills = isSmoke ? 1 : 10;
    if (await row(`${kills} kills of backup base`, () => baseKills(service, kills))) {
      await row(`${kills} kills of backup pitr recover`, () => recoverKills(service, kills));
    }
  } finally {
    await postgres.stop();
    await rm(dir, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** `native`: the programs of the running server, which its account may run. */
function serviceIn(dir, url, native) {
  const env = { PATH: [native, process.env.PATH].join(delimiter), DATABASE_URL: url, BACKUP_DIR: dir };
  const argv = (args) => [CLI, 'backup', ...args, '--dotenv', join(dir, 'none')];
  return {
    dir,
    async run(...args) {
      const startedAt = Date.now();
      const { status, stdout, all } = await finished(process.execPath, argv(args), { cwd: dir, env });
      if (status !== 0) throw new Error(`backup ${args.join(' ')} ended with ${status}: ${all}`);
      return { stdout, tookMs: Date.now() - startedAt };
    },
    /** Gives whether it was still at work. */
    async killed(afterMs, ...args) {
      const child = spawn(process.execPath, argv(args), { cwd: dir, env, stdio: 'ignore' });
      const ended = once(child, 'exit');
      await Promise.race([sleep(afterMs), ended]);
      child.kill('SIGKILL');
      return (await ended)[1] === 'SIGKILL';
    },
  };
}

async function baseKills(service, kills) {
  const { tookMs } = await service.run('base');
  let hits = 0;
  for (let n = 0; n < kills; n++) {
    hits += Number(await service.killed(Math.random() * tookMs, 'base'));
    // Says 1 when one of those that have a manifest is not as it says.
    const listed = JSON.parse((await service.run('list', '--json')).stdout).map(({ file }) => file);
    const named = (await readdir(service.dir)).filter((name) => /^base_\d+_\d+$/.test(name));
    const target = await readlink(join(service.dir, 'latest'));
    const isKnown = named.every((name) => listed.includes(name)) && listed.includes(target);
    if (!isKnown) throw new Error(`left ${named.join()}, listed ${listed.join()}, latest ${target}`);
    for (const name of named) await service.run('verify', name);
  }
  await service.run('base');
  await emptyOf(service.dir, /partial/);
  return `${hits} hit it at work; all that has a name is good`;
}

async function recoverKills(service, kills) {
  await service.run('pitr', 'check');
  const into = join(service.dir, 'data');
  const args = ['pitr', 'recover', '--to', 'latest', '--into', into];
  let hits = 0;
  const { tookMs } = await service.run(...args);
  for (let n = 0; n < kills; n++) {
    await rm(into, { recursive: true, force: true });
    const wasAtWork = await service.killed(Math.random() * tookMs, ...args);
    hits += Number(wasAtWork);
    await noServerIn(service.dir);
    const isThere = (await readdir(service.dir)).includes('data');
    if (isThere && wasAtWork && (await readdir(into)).includes('recovery.signal'))
      throw new Error('half a recovery has its name');
  }
  await rm(into, { recursive: true, force: true });
  await service.run(...args);
  await emptyOf(service.dir, /partial/);
  return `${hits} hit it at work; no server is left`;
}

async function emptyOf(dir, pattern) {
  const left = (await readdir(dir)).filter((name) => pattern.test(name));
  if (left.length > 0) throw new Error(`left ${left.join()}`);
}

/** By the command lines that the kernel shows. */
async function noServerIn(dir) {
  for (const until = Date.now() + GONE_MS; ; await sleep(100)) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    const left = lines.filter((line) => line.includes('postgres') && line.includes(join(dir, '.data.partial')));
    if (left.length === 0) return;
    if (Date.now() > until) throw new Error(`still running: ${left.join('; ')}`);
  }
}

async function binariesOf(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(`SELECT setting FROM pg_config WHERE name = 'BINDIR'`);
  await client.end();
  return rows[0].setting;
}
