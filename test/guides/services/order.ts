import { stock } from './client.js';

/** A POST that is safe to repeat, because the service knows the key. */
export async function reserve(orderId: string, item: string): Promise<void> {
  await stock.call('/reservations', { json: { item }, operation: 'reserve', idempotencyKey: `order-${orderId}` });
}
