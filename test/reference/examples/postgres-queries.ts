import { createPool, findPage, withTransaction } from 'express-runbook/postgres';

export const pool = createPool({ connectionString: process.env.DATABASE_URL });
await pool.query('CREATE TABLE accounts (id INT PRIMARY KEY, balance INT NOT NULL CHECK (balance >= 0))');
await pool.query('INSERT INTO accounts VALUES (1, 100), (2, 0), (3, 0)');

/** Both or neither. The work may run more than once: mails and calls belong after it. */
export function transfer(from: number, to: number, amount: number): Promise<void> {
  return withTransaction(
    pool,
    async (client) => {
      await client.query('UPDATE accounts SET balance = balance - $1 WHERE id = $2', [amount, from]);
      await client.query('UPDATE accounts SET balance = balance + $1 WHERE id = $2', [amount, to]);
    },
    { isolation: 'serializable', timeoutMs: 2000 },
  );
}

export const first = await findPage<{ id: number }>(pool, {
  text: 'SELECT id, balance FROM accounts',
  orderBy: ['id'],
  limit: 2,
});
