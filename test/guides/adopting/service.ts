import { execFileSync, type ExecFileSyncOptionsWithStringEncoding, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { ROOT } from '../../repo/source-files.js';

export interface Folder {
  readonly path: string;
  /** For what is typed and printed. */
  readonly scratch: string;
  readonly tarball: string;
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Of somebody who has a service and has never heard of this package, which lies packed beside it. */
export function freshFolder(): Folder {
  const { path, scratch, remove } = emptyFolder();
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch];
  const quiet: ExecFileSyncOptionsWithStringEncoding = {
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    timeout: 60_000,
  };
  const packed = execFileSync('npm', packing, { cwd: ROOT, ...quiet });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const dependencies = { express: devDependencies.express, pg: devDependencies.pg };
  writeFileSync(join(path, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  const npm = {
    prefer_offline: 'true',
    ignore_scripts: 'true',
    audit: 'false',
    fund: 'false',
    update_notifier: 'false',
  };
  const settings = Object.entries(npm).map(([name, value]) => [`npm_config_${name}`, value]);
  const env = { ...bareEnvironment(), ...(Object.fromEntries(settings) as Record<string, string>) };
  execFileSync('npm', ['install'], { cwd: path, env, ...quiet });
  return { path, scratch, remove, env, tarball: join(scratch, filename) };
}

/** Where `express` is Express 4, with the service of the page for it. */
export function expressFourFolder(port: number): Folder {
  const { path, scratch, remove } = emptyFolder();
  mkdirSync(join(path, 'node_modules'));
  symlinkSync(join(ROOT, 'node_modules/express4'), join(path, 'node_modules/express'));
  symlinkSync(ROOT, join(path, 'node_modules/express-runbook'));
  copyFileSync(join(ROOT, 'test/guides/adopting/express-4.cjs'), join(path, 'server.cjs'));
  return { path, scratch, remove, tarball: '', env: { ...bareEnvironment(), PORT: String(port) } };
}

function emptyFolder(): Pick<Folder, 'path' | 'scratch' | 'remove'> {
  const scratch = mkdtempSync(join(tmpdir(), 'adopting-'));
  const path = join(scratch, 'orders');
  mkdirSync(path);
  return { path, scratch, remove: () => rmSync(scratch, { recursive: true, force: true, maxRetries: 10 }) };
}

function bareEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, HOST: '127.0.0.1', LANG: 'C.UTF-8' };
}

export interface Service {
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  stop(): Promise<number | null>;
}

/** `node <file> > server.log`, once it listens. */
export async function startService({ path, env }: Folder, file: string, port: number): Promise<Service> {
  const log = openSync(join(path, 'server.log'), 'w');
  const child = spawn(process.execPath, [file], { cwd: path, env, stdio: ['ignore', log, log] });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const hasEnded = ended.then((code) => Promise.reject(new Error(`${file} ended with ${code}`)));
  const listens = vi.waitFor(() => connected(port), { timeout: 20_000, interval: 20 });
  await Promise.race([listens, hasEnded]);
  hasEnded.catch(() => undefined);
  return {
    ended,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

async function connected(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
