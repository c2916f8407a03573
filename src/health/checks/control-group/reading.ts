import { readFile } from 'node:fs/promises';

/** The text of a file of the kernel; nothing when it does not exist here. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // Another system, another version, or the uppermost group, which has no limits.
    return undefined;
  }
}

/** The number that a file consists of; nothing for `max` and for a file that does not exist. */
export async function readNumber(path: string): Promise<number | undefined> {
  const value = Number((await readText(path)) ?? NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** One number out of lines such as `usage_usec 1234`. */
export function fieldOf(text: string | undefined, name: string): number | undefined {
  const line = text?.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}
