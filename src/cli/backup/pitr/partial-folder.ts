import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Where a folder is made until it may have its name. */
export async function newPartial(into: string): Promise<string> {
  const prefix = `.${basename(into)}.partial-`;
  await sweep(into, prefix);
  return join(dirname(into), `${prefix}${process.pid}`);
}

/** What runs that were killed have left; not that of one that still works. */
async function sweep(into: string, prefix: string): Promise<void> {
  for (const name of (await readdir(dirname(into))).filter((one) => one.startsWith(prefix))) {
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (isAlive(pid)) continue;
    await rm(join(dirname(into), name), { recursive: true, force: true, maxRetries: 10 });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
