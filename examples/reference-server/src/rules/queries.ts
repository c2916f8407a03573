import { withTransaction } from 'express-runbook/postgres';
import type { Pool } from 'pg';

export interface Rule {
  readonly id: string;
  readonly text: string;
  readonly createdAt: Date;
}

const COLUMNS = `id, text, created_at AS "createdAt"`;
/** More than anybody reads; what the language model is told of them is bounded with the text. */
const MAX_RULES = 200;

export async function findRules(pool: Pool, clientId: string): Promise<Rule[]> {
  const { rows } = await pool.query<Rule>(
    `SELECT ${COLUMNS} FROM client_rules WHERE client_id = $1 ORDER BY id LIMIT $2`,
    [clientId, MAX_RULES],
  );
  return rows;
}

/** Nothing when the client has as many as there may be. Who adds a rule waits for who else does: one statement would not see theirs. */
export function createRule(pool: Pool, clientId: string, text: string): Promise<Rule | undefined> {
  return withTransaction(pool, async (client) => {
    await client.query('SELECT FROM clients WHERE id = $1 FOR NO KEY UPDATE', [clientId]);
    const { rows } = await client.query<Rule>(
      `INSERT INTO client_rules (client_id, text)
       SELECT $1, $2 WHERE (SELECT count(*) FROM client_rules WHERE client_id = $1) < $3
       RETURNING ${COLUMNS}`,
      [clientId, text, MAX_RULES],
    );
    return rows[0];
  });
}

export async function deleteRule(pool: Pool, clientId: string, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('DELETE FROM client_rules WHERE client_id = $1 AND id = $2', [clientId, id]);
  return rowCount === 1;
}
