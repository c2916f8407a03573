import { withTransaction } from 'express-runbook/postgres';
import { pool } from './pool.js';

/** Done wholly or not at all; repeated by itself after a serialization failure or a deadlock. */
export function transfer(from: number, to: number, amount: number): Promise<void> {
  return withTransaction(
    pool,
    async (client) => {
      await client.query('UPDATE orders SET total = total - $1 WHERE id = $2', [amount, from]);
      await client.query('UPDATE orders SET total = total + $1 WHERE id = $2', [amount, to]);
    },
    { isolation: 'serializable', timeoutMs: 2000 },
  );
}
