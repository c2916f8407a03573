import { PermanentJobError } from 'express-runbook/jobs';
import type { Pool } from 'pg';

interface Analysis {
  readonly items: number;
  readonly distinctLabels: number;
  /** The labels that more than one item has, the most frequent first. */
  readonly repeated: readonly { readonly label: string; readonly items: number }[];
}

const MOST_SHOWN = 20;

/** What a client's codebook holds, and which of its items may be duplicates. */
export async function analyse(pool: Pool, clientId: string): Promise<Analysis> {
  const totals = await pool.query<{ items: number; distinctLabels: number }>(
    `SELECT count(item.id)::int AS items, count(DISTINCT lower(item.label))::int AS "distinctLabels"
     FROM clients LEFT JOIN codebook_items item ON item.client_id = clients.id WHERE clients.id = $1 GROUP BY clients.id`,
    [clientId],
  );
  const [total] = totals.rows;
  if (total === undefined) throw new PermanentJobError('the client is gone');
  const repeated = await pool.query<{ label: string; items: number }>(
    `SELECT lower(label) AS label, count(*)::int AS items FROM codebook_items WHERE client_id = $1
     GROUP BY lower(label) HAVING count(*) > 1 ORDER BY items DESC, label LIMIT $2`,
    [clientId, MOST_SHOWN],
  );
  return { ...total, repeated: repeated.rows };
}
