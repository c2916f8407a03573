import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, unlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where the workers of one service have their sockets, each named after its process. */
export interface MeetingPlace {
  readonly own: string;
  /** The sockets of the other workers. */
  others(): Promise<string[]>;
  /** Takes away what a worker left that ended without a word. */
  tidy(socket: string): Promise<void>;
}

/**
 * The workers of one service have their parent and their script in common, under `node:cluster` and under pm2. Throws when the
 * folder is not this user's own: what lies there is asked for numbers and believed.
 */
export async function meetingPlace(name: string, dir = defaultDir()): Promise<MeetingPlace> {
  const folder = join(dir, groupOf(name));
  for (const one of [dir, folder]) await ownFolder(one);
  const ownName = `${process.pid}.sock`;
  const own = join(folder, ownName);
  // Of an earlier process that had the same number.
  await unlink(own).catch(ignoreMissing);
  return {
    own,
    async others() {
      const names = await readdir(folder).catch(() => {
        // Somebody tidied the temporary files: nobody else is to be found.
        return [];
      });
      return names.filter((one) => one !== ownName && one.endsWith('.sock')).map((one) => join(folder, one));
    },
    tidy: (socket) => unlink(socket).catch(ignoreMissing),
  };
}

function defaultDir(): string {
  return join(tmpdir(), `express-runbook-${userInfo().uid}`);
}

function groupOf(name: string): string {
  const group = [process.ppid, process.argv[1] ?? '', name].join('\n');
  return createHash('sha256').update(group).digest('hex').slice(0, 12);
}

async function ownFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const { uid, mode } = await lstat(path);
  const isOpen = (mode & 0o022) !== 0;
  if (uid !== userInfo().uid || isOpen) throw new Error(`${path} belongs to somebody else, or others may write there`);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
