import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../repo/source-files.js';
import { cli } from './cli.js';
import type { Called } from './call.js';

/** A folder for backups, and the program called on it. */
export interface BackupCalls {
  readonly dir: string;
  /** `backup …` in this process. */
  backup(...args: string[]): Promise<Called>;
  /** The same with variables more. */
  backupWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Called>;
  /** `backup …` as a process of its own, still running. */
  start(...args: string[]): RunningCall;
  /** What is in the folder, without manifests. */
  files(): string[];
  /** All that is in the folder. */
  everything(): string[];
  remove(): void;
}

export interface RunningCall {
  readonly child: ChildProcess;
  readonly ended: Promise<Called & { readonly signal: NodeJS.Signals | null }>;
}

export function backupCalls(url: string): BackupCalls {
  const dir = mkdtempSync(join(tmpdir(), 'backups-'));
  const env = { PATH: process.env.PATH ?? '', DATABASE_URL: url };
  const whole = ([command = '', ...args]: string[]): string[] => [
    'backup',
    command,
    '--dotenv',
    '/nonexistent/.env',
    '--dir',
    dir,
    ...args,
  ];
  const everything = (): string[] => readdirSync(dir).sort();
  return {
    dir,
    backup: (...args) => cli(whole(args), { env }),
    backupWith: (more, ...args) => cli(whole(args), { env: { ...env, ...more } }),
    start: (...args) => running(whole(args), env),
    files: () => everything().filter((name) => !name.endsWith('.manifest.json')),
    everything,
    remove: () => {
      chmodSync(dir, 0o700);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function running(args: readonly string[], env: Record<string, string>): RunningCall {
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli.js'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
  const ended = once(child, 'close').then(([code, signal]) => ({
    ...written,
    exitCode: code as number,
    signal: signal as NodeJS.Signals | null,
  }));
  return { child, ended };
}
