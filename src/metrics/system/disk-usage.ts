import { statfs } from 'node:fs/promises';

/** Percent of the file system that is used, as `df` says it: what is reserved for root counts on neither side. */
export async function diskUsagePercent(path: string): Promise<number> {
  const { blocks, bfree, bavail } = await statfs(path);
  const used = blocks - bfree;
  // Some virtual file systems have no size at all.
  return used + bavail === 0 ? 0 : (used / (used + bavail)) * 100;
}
