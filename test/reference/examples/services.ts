import { getContext, outgoingHeaders } from 'express-runbook';
import { createServiceClient } from 'express-runbook/services';

export const stock = createServiceClient({
  name: 'stock',
  baseUrl: process.env.STOCK_URL ?? 'http://127.0.0.1:9000',
  outgoingHeaders, // the ids of the request that asks
  context: getContext,
  timeoutMs: 2000,
});

export function leftOf(item: string): Promise<number> {
  return stock.call(`/items/${encodeURIComponent(item)}`, {
    operation: 'item',
    read: (answer) => (answer.json() as { left: number }).left, // what this throws is a 502
  });
}
