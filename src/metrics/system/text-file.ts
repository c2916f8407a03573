import { readFile } from 'node:fs/promises';

/** A small file of the kernel; nothing where this system does not have it. */
export function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => {
    // Not Linux, another version of control groups, or a sandbox that shows less.
    return undefined;
  });
}

/** The whole number in such a file; nothing for `max` and the like. */
export async function numberIn(path: string): Promise<number | undefined> {
  const text = (await textOf(path))?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The number behind a name in a file of lines such as `inactive_file 4096` or `MemTotal:  16 kB`. */
export function fieldOf(text: string | undefined, name: string): number | undefined {
  const found = new RegExp(`^${name}:?\\s+(\\d+)`, 'm').exec(text ?? '');
  return found === null ? undefined : Number(found[1]);
}
