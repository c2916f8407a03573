import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../embedded-postgres-error.js';
import { giveToServer } from '../folder/give-to-server.js';

const MAX_BYTES = 1_000_000;

/** What the server says goes to a file in its folder: it may live on when the process that started it has ended. */
export interface ServerLog {
  readonly fd: number;
  /** What was said since it was opened, at most the last 2000 characters. */
  tail(): string;
  close(): void;
}

export function openServerLog(dataDir: string): ServerLog {
  const path = join(dataDir, 'server.log');
  if (sizeOf(path) > MAX_BYTES) truncateSync(path);
  const begin = sizeOf(path);
  const fd = openSync(path, 'a', 0o600);
  giveToServer(path, dataDir);
  return {
    fd,
    tail: () => readFileSync(path).subarray(begin).toString('utf8').trim().slice(-2000),
    close: () => closeSync(fd),
  };
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}
