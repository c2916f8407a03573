import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CommandError, EXIT } from '../exit-codes.js';
import { visible } from '../visible.js';

const LOCK = '.backup.lock';
const HEARTBEAT_MS = 10_000;
/** A holder of another machine, whose process cannot be asked, is gone when it was not heard of for so long. */
const SILENT_MS = 60_000;

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process was started, in ticks since boot: a pid may be given to another. Empty where the kernel does not say. */
  readonly born: string;
  readonly since: string;
}

/** Takes the folder for this process, and gives the way to let go of it. A holder that was killed keeps nobody out. */
export async function takeLock(dir: string): Promise<() => Promise<void>> {
  const path = join(dir, LOCK);
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    born: await bornOf(process.pid),
    since: new Date().toISOString(),
  };
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(own, JSON.stringify(holder), { mode: 0o600, flag: 'wx' });
  try {
    await claim(path, own);
  } finally {
    await rm(own, { force: true });
  }
  await removeAttempts(dir);
  const heartbeat = setInterval(() => {
    // Gone with the folder, which the work will notice.
    utimes(path, new Date(), new Date()).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return async () => {
    clearInterval(heartbeat);
    await rm(path, { force: true });
  };
}

/** A link to a name that exists fails: one of two gets it. */
async function claim(path: string, own: string): Promise<void> {
  for (;;) {
    try {
      await link(own, path);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const text = await readFile(path, 'utf8').catch(() => '');
    const holder = holderOf(text);
    if (holder !== undefined && (await isThere(path, holder))) throw heldBy(holder);
    await removeStale(path, text, own);
  }
}

/** Moved aside first: should another have taken the lock since it was read, it gets its own back. */
async function removeStale(path: string, text: string, own: string): Promise<void> {
  const aside = `${own}.stale`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== text) await link(aside, path);
  } catch (error) {
    // Another was quicker.
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** Files of processes that were killed while they tried; younger ones may still be at it. */
async function removeAttempts(dir: string): Promise<void> {
  for (const name of (await readdir(dir)).filter((one) => one.startsWith(`${LOCK}.`))) {
    const stats = await stat(join(dir, name)).catch(() => undefined);
    if (stats !== undefined && Date.now() - stats.mtimeMs > SILENT_MS) await rm(join(dir, name), { force: true });
  }
}

async function isThere(path: string, { pid, host, born }: Holder): Promise<boolean> {
  if (host !== hostname()) return Date.now() - (await stat(path)).mtimeMs < SILENT_MS;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return born === (await bornOf(pid));
}

/** Field 22 of proc_pid_stat(5); the name in field 2 may have blanks and brackets in it. */
async function bornOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function holderOf(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

function heldBy({ pid, host, since }: Holder): CommandError {
  const who = `process ${pid} on ${host}, since ${since}`;
  return new CommandError(visible(`another backup command works in this folder: ${who}`), EXIT.failed);
}
