import { chownSync, statSync } from 'node:fs';

/** What root puts into the folder of the data must be the server's to read: a base backup copies all that is in it. */
export function giveToServer(path: string, dataDir: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dataDir);
  chownSync(path, uid, gid);
}
