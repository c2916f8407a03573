import { createCache } from 'express-runbook/cache';

const prices = createCache<number>({ name: 'prices', ttlMs: 30_000, staleMs: 10_000 });

/** Loaded once for all who ask at the same time. */
export function priceOf(item: string, load: (item: string) => Promise<number>): Promise<number> {
  return prices.cached(`price:${item}`, () => load(item), { tags: ['prices'] });
}

export const forgetPrices = (): Promise<void> => prices.deleteByTag('prices');
