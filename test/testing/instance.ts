import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach } from 'vitest';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from 'express-runbook/testing';

const FIXTURE = fileURLToPath(new URL('fixtures/instance.mjs', import.meta.url));

const running = new Set<ChildProcess>();
const folders = new Set<string>();

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  for (const folder of folders) {
    await serverGone(join(folder, 'data'));
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
  folders.clear();
});

type Handle = Omit<EmbeddedPostgres, 'stop' | 'exit'>;

/** A process of its own that holds a server, as leader of a process group like a terminal's. */
export interface Instance {
  readonly pid: number;
  readonly postgres: Handle;
  /** To the whole group, as Ctrl-C does; resolves to what it said and its exit code. */
  interrupt(): Promise<{ said: unknown; code: number | null }>;
  /** kill -9. */
  kill(): Promise<void>;
}

export async function startInstance(options: EmbeddedPostgresOptions): Promise<Instance> {
  const child = spawn(process.execPath, [FIXTURE, JSON.stringify(options)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the instance ended without a word');
    return JSON.parse(value);
  };
  return {
    pid: child.pid!,
    // What the fixture writes.
    postgres: (await next()) as Handle,
    async interrupt() {
      process.kill(-child.pid!, 'SIGINT');
      const said = await next();
      const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
      return { said, code };
    },
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Where a test may keep a database; removed after it. */
export function emptyPlace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-postgres-test-'));
  // Within reach of the account that runs the server when the tests run as root.
  chmodSync(folder, 0o755);
  folders.add(folder);
  return join(folder, 'data');
}

export async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Resolves when no server runs on this folder. */
export async function serverGone(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  while (existsSync(pidFile) && isAlive(Number.parseInt(readFileSync(pidFile, 'utf8'), 10))) await sleep(20);
}

/** Not a zombie: who adopts the orphans of a killed process is not ours to say. */
export function isAlive(pid: number): boolean {
  const { status, stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && !stdout.startsWith('Z');
}

/** What it has started and not yet seen the end of: on Linux only. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => parentOf(one) === pid);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}
