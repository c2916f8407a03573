import { inBatches } from 'express-runbook/services';
import { stock } from './client.js';

/** However many ids there are: a hundred in an address, one answer in memory at a time. */
export async function namesOf(ids: readonly string[]): Promise<string[]> {
  const batches = await inBatches(ids, 100, (some) =>
    stock.call('/items', { query: { id: some }, read: (answer) => answer.json() as string[] }),
  );
  return batches.flat();
}
