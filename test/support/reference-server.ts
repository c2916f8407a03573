import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../repo/source-files.js';

export const REFERENCE_SERVER = join(ROOT, 'examples/reference-server');

export interface ReferenceServer {
  readonly url: string;
  readonly port: number;
  readonly logDir: string;
  readonly child: ChildProcess;
  /** All that it wrote to standard output so far. */
  output(): string;
  errors(): string;
  /** The lines of one of its log files, parsed. */
  logLines(file?: string): Record<string, unknown>[];
  /** Sends the signal and gives the exit code once the process has ended. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface LaunchOptions {
  readonly env: Record<string, string>;
  /** Which built entry to run. */
  readonly entry?: 'index.js' | 'main.js' | 'look.js' | 'worker.js';
}

/** The built server as a process of its own, with nothing of this environment but what a process needs. */
export async function launch({ env, entry = 'index.js' }: LaunchOptions): Promise<ReferenceServer> {
  const server = await spawnServer({ env, entry });
  const ready = once(server.child, 'message').then(() => 'ready');
  const ended = once(server.child, 'exit').then(([code]) => `ended with ${String(code)}`);
  const outcome = await Promise.race([ready, ended]);
  if (outcome !== 'ready') throw new Error(`the reference server ${outcome}: ${server.errors()}${server.output()}`);
  return server;
}

/** Like {@link launch}, without waiting for it to serve: for starts that are meant to fail. */
export async function spawnServer({ env, entry = 'index.js' }: LaunchOptions): Promise<ReferenceServer> {
  const port = Number(env.PORT ?? (await freePort()));
  const logDir = mkdtempSync(join(tmpdir(), 'reference-server-logs-'));
  const child = spawn(process.execPath, [join(REFERENCE_SERVER, 'dist', entry)], {
    env: { ...bareEnvironment(), PORT: String(port), HOST: '127.0.0.1', LOG_DIR: logDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    logDir,
    child,
    output: () => written.stdout,
    errors: () => written.stderr,
    logLines: (file = 'app.log') => parseLines(readFileSync(join(logDir, file), 'utf8')),
    async stop(signal = 'SIGTERM') {
      const ended = hasEnded(child) ? Promise.resolve() : once(child, 'close');
      child.kill(signal);
      await ended;
      rmSync(logDir, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}

/** The exit code of a process that ends by itself. */
export async function exitOf({ child }: ReferenceServer): Promise<number | null> {
  if (!hasEnded(child)) await once(child, 'close');
  return child.exitCode;
}

export function parseLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** ENV_FILE points nowhere, so that the `.env` of whoever runs the tests does not decide them. */
function bareEnvironment(): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    ENV_FILE: '/nonexistent/.env',
    NODE_ENV: 'development',
  };
}
