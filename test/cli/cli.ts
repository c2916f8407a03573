import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { ROOT } from '../repo/source-files.js';
import { BIN, call, type Called } from './call.js';

export interface CliSurroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** What a person types; without it there is nobody to ask. */
  readonly typed?: string;
}

const NO_ENV_FILE = ['--dotenv', '/nonexistent/.env'];

/** One call of the program in this process, which is quicker than one of its own; with nothing of this environment. */
export function cli(args: readonly string[], { env = {}, typed }: CliSurroundings = {}): Promise<Called> {
  return call(args, typed === undefined ? [] : [typed], { env, isInteractive: typed !== undefined });
}

/** The same on a database. */
export function cliOn(url: string, ...args: string[]): Promise<Called> {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  return cli([...args.slice(0, end), ...NO_ENV_FILE, ...args.slice(end)], { env: { DATABASE_URL: url } });
}

/** The same, started in a folder: its `migrations` and `seeds` are meant. */
export async function cliIn(folder: string, args: readonly string[], surroundings?: CliSurroundings): Promise<Called> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await cli(args, surroundings);
  } finally {
    process.chdir(before);
  }
}

/** The built program as a process of its own. */
export function bin(url: string, args: readonly string[], cwd = ROOT): Promise<Called> {
  const env = { PATH: process.env.PATH, DATABASE_URL: url };
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...args], { env, cwd }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** The built program, still running. */
export function startBin(url: string, args: readonly string[]): ChildProcess {
  const env = { PATH: process.env.PATH, DATABASE_URL: url };
  return spawn(process.execPath, [BIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}
