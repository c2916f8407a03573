import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { failStart, StartError } from './fail.js';
import { loadSettings } from './settings.js';

// `npm run profile`: the service as a process of its own, under load for a while, then stopped by SIGTERM. Leaves what it
// allocated (.heapprofile) and where its time went (.cpuprofile) in PROFILE_DIR; Chrome's DevTools and VS Code open both.
//   -- --seconds 10    how long
//   -- --path /        what is asked for; may be repeated
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seconds: { type: 'string', default: '10' }, path: { type: 'string', multiple: true, default: ['/'] } },
  });
  const seconds = Number(values.seconds);
  if (!(seconds >= 1 && seconds <= 3600)) throw new StartError('--seconds must be a number from 1 to 3600');
  const { config } = loadSettings();
  await mkdir(config.profileDir, { recursive: true, mode: 0o700 });
  const known = new Set(await readdir(config.profileDir));
  const logDir = await mkdtemp(join(tmpdir(), 'profile-'));
  try {
    const requests = await underLoad(config.profileDir, logDir, seconds * 1000, values.path);
    process.stdout.write(`${String(requests)} requests in ${String(seconds)} s\n`);
  } finally {
    await rm(logDir, { recursive: true, force: true });
  }
  const files = (await readdir(config.profileDir)).filter((file) => !known.has(file));
  for (const file of files) process.stdout.write(`${join(config.profileDir, file)}\n`);
}

async function underLoad(dir: string, logDir: string, durationMs: number, paths: readonly string[]): Promise<number> {
  const port = await freePort();
  const child = spawn(process.execPath, ['--heap-prof', `--heap-prof-dir=${dir}`, join(__dirname, 'index.js')], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(port), LOG_DIR: logDir, RATE_LIMIT_MAX: '1000000000' },
    // Its lines are not what is wanted here; what keeps it from starting is.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const first = await Promise.race([once(child, 'message').then(() => 'ready' as const), ended]);
  if (first !== 'ready') throw new StartError(`the service did not start (exit code ${String(first)})`);
  try {
    const requests = await load(child, `http://127.0.0.1:${String(port)}`, durationMs, paths);
    child.kill('SIGTERM');
    // V8 writes the heap profile at the end of a process that ends in good order.
    if ((await ended) !== 0) throw new StartError('the service did not end in good order: the heap profile is missing');
    return requests;
  } finally {
    child.kill('SIGKILL');
  }
}

/** One request after the other: what is looked for is where the time and the memory go, not how much it can bear. */
async function load(child: ChildProcess, url: string, durationMs: number, paths: readonly string[]): Promise<number> {
  const endsAt = performance.now() + durationMs;
  // PROFILER_DEFAULTS.cpuMs: a longer run is profiled from its start for so long; a shorter one until the service ends.
  child.kill('SIGUSR2');
  let requests = 0;
  while (performance.now() < endsAt && child.exitCode === null) {
    const answer = await fetch(url + (paths[requests % paths.length] ?? '/'));
    await answer.arrayBuffer();
    requests++;
    if (requests % 100 === 0) await sleep(1);
  }
  return requests;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  // Listening on a host and port, so it is neither null nor the path of a socket.
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

main().catch(failStart);
