import { ConfigError } from '../core/config-error.js';
import { describe } from '../core/options.js';

/**
 * Asks for a long list in parts of at most `size`, one after the other, and gives the results in their order: neither an address
 * nor an answer grows with the list. The first part that fails ends it with its error.
 *
 * @example
 * const vectors = (await inBatches(ids, 100, (some) => fetchVectors(some))).flat();
 */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  size: number,
  work: (batch: readonly Item[]) => Promise<Result>,
): Promise<Result[]> {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new ConfigError(
      'ERR_OPTION_INVALID',
      'inBatches.size',
      `must be a whole number of at least 1, got ${describe(size)}`,
    );
  }
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += size) {
    results.push(await work(items.slice(start, start + size)));
  }
  return results;
}
