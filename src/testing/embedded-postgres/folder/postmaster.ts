import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { codeOf } from '../embedded-postgres-error.js';

/** Every server of ours carries this in its command line, so that nobody else's is ever taken for one and stopped. */
export const CLUSTER_NAME = 'express-runbook';

/** What the pid file of a folder says (https://www.postgresql.org/docs/15/storage-file-layout.html). */
export interface Postmaster {
  readonly pid: number;
  /** Seconds since 1970; with the pid it names this one run of the server. */
  readonly startedAt: number;
  readonly port: number;
  readonly isReady: boolean;
}

export function pidFileOf(dataDir: string): string {
  return join(dataDir, 'postmaster.pid');
}

export function readPidFile(dataDir: string): Postmaster | undefined {
  return pidIn(pidFileOf(dataDir));
}

/** What a pid file says, wherever it stands. */
export function pidIn(file: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const [pid, startedAt, port] = [Number(lines[0]), Number(lines[2]), Number(lines[3])];
  // The server writes line by line while it starts.
  return pid > 0 ? { pid, startedAt, port, isReady: lines[7]?.trim() === 'ready' } : undefined;
}

/** The server that runs on this folder now; a pid file that was left over counts as none. */
export function runningPostmaster(dataDir: string): Postmaster | undefined {
  const postmaster = readPidFile(dataDir);
  return postmaster !== undefined && isPostgresOn(postmaster.pid, dataDir) ? postmaster : undefined;
}

/** Whether this very run of the server goes on. */
export function isStillRunning(dataDir: string, { pid, startedAt }: Postmaster): boolean {
  const now = runningPostmaster(dataDir);
  return now?.pid === pid && now.startedAt === startedAt;
}

/** Whether the system knows the pid: to Postgres that is a running server. */
export function isKnown(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** In a container without an init, what has ended stays known as a zombie, whose command line is empty. */
export function isAlive(pid: number): boolean {
  return isKnown(pid) && commandOf(pid).some((word) => word !== '');
}

/** Whether one of ours, or somebody else's server, runs there. */
export function isOurs(pid: number): boolean {
  return commandOf(pid).includes(`cluster_name=${CLUSTER_NAME}`);
}

/** The pid alone proves nothing: after a reboot, or in a new container, another program may have it. */
function isPostgresOn(pid: number, dataDir: string): boolean {
  const command = commandOf(pid);
  if (!basename(command[0] ?? '').startsWith('postgres')) return false;
  return command.includes(dataDir) || workingFolderOf(pid) === dataDir;
}

/** The arguments it was started with; empty when it is gone. */
function commandOf(pid: number): string[] {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0');
    // macOS: a folder with a space is not recognised in it.
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
  } catch {
    return [];
  }
}

/** Where a server started by hand with a relative path lives; only its owner may ask. */
function workingFolderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${String(pid)}/cwd`);
  } catch {
    return undefined;
  }
}
