import { setTimeout as sleep } from 'node:timers/promises';

const NUMBERS_PER_MEGABYTE = (1024 * 1024) / 8;

/** Has so many megabytes more on the heap for a while, as something that leaks would. */
export async function holdMemory(megabytes: number, ms: number): Promise<void> {
  // Fractions: whole numbers of a small size would be kept in fewer bytes by a V8 with compressed pointers.
  const held = Array.from({ length: megabytes }, () => new Array<number>(NUMBERS_PER_MEGABYTE).fill(0.5));
  await sleep(ms);
  held.length = 0;
}
