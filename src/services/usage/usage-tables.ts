import type { UsagePool } from './options.js';

/** Who used how much of what. */
interface UsageRow {
  readonly clientId: string;
  readonly month: string;
  readonly model: string;
  readonly operation: string | undefined;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly costUsd: number | undefined;
  /** Taken back from what was reserved. */
  readonly reservedTokens: number;
  /** Tokens at which the month is warned of and is over. */
  readonly warnAt: number | undefined;
  readonly quotaTokens: number | undefined;
}

export interface MonthRow {
  readonly tokens: number;
  readonly reservedTokens: number;
  readonly costUsd: number;
}

/** A month after one more row, and which marks that very row was the first to reach. */
export interface CountedRow extends MonthRow {
  readonly isWarning: boolean;
  readonly isEnd: boolean;
}

export interface UsageTables {
  count(row: UsageRow): Promise<CountedRow>;
  /** False when the month has no room for as many. */
  reserve(clientId: string, month: string, tokens: number, quotaTokens: number): Promise<boolean>;
  release(clientId: string, month: string, tokens: number): Promise<void>;
  month(clientId: string, month: string): Promise<MonthRow>;
}

// One statement: the row and its month are written together or not at all, and the upsert's lock on the month makes parallel
// calls wait for each other. The id of the row that reached a mark stays, so that exactly one call finds its own.
const COUNT = `
WITH used AS (
  INSERT INTO llm_usage (client_id, model, operation, prompt_tokens, completion_tokens, cost_usd)
  VALUES ($1, $3, $4, $5, $6, $7)
  RETURNING id, client_id, prompt_tokens + completion_tokens AS tokens
), counted AS (
  INSERT INTO llm_usage_months AS m (client_id, month, tokens, cost_usd, warned_by, exceeded_by)
  SELECT client_id, $2::date, tokens, COALESCE($7::numeric, 0),
         CASE WHEN tokens >= $9::bigint THEN id END, CASE WHEN tokens >= $10::bigint THEN id END
  FROM used
  ON CONFLICT (client_id, month) DO UPDATE SET
    tokens = m.tokens + EXCLUDED.tokens,
    cost_usd = m.cost_usd + EXCLUDED.cost_usd,
    reserved_tokens = GREATEST(0, m.reserved_tokens - $8::bigint),
    warned_by = COALESCE(m.warned_by,
      CASE WHEN m.tokens + EXCLUDED.tokens >= $9::bigint THEN (SELECT id FROM used) END),
    exceeded_by = COALESCE(m.exceeded_by,
      CASE WHEN m.tokens + EXCLUDED.tokens >= $10::bigint THEN (SELECT id FROM used) END)
  RETURNING tokens, reserved_tokens, cost_usd, warned_by, exceeded_by
)
SELECT counted.tokens, counted.reserved_tokens, counted.cost_usd,
       counted.warned_by IS NOT DISTINCT FROM used.id AS is_warning,
       counted.exceeded_by IS NOT DISTINCT FROM used.id AS is_end
FROM counted, used`;

const RESERVE = `
INSERT INTO llm_usage_months AS m (client_id, month, reserved_tokens) VALUES ($1, $2::date, $3::bigint)
ON CONFLICT (client_id, month) DO UPDATE SET reserved_tokens = m.reserved_tokens + EXCLUDED.reserved_tokens
WHERE m.tokens + m.reserved_tokens + EXCLUDED.reserved_tokens <= $4::bigint
RETURNING 1`;

const RELEASE = `
UPDATE llm_usage_months SET reserved_tokens = GREATEST(0, reserved_tokens - $3::bigint)
WHERE client_id = $1 AND month = $2::date`;

const MONTH = `SELECT tokens, reserved_tokens, cost_usd FROM llm_usage_months WHERE client_id = $1 AND month = $2::date`;

/** pg gives BIGINT and NUMERIC as text. */
interface RawMonth {
  readonly tokens: string;
  readonly reserved_tokens: string;
  readonly cost_usd: string;
}

export function usageTables(pool: UsagePool): UsageTables {
  return {
    async count(row) {
      const { rows } = await pool.query(COUNT, [
        row.clientId,
        row.month,
        row.model,
        row.operation ?? null,
        row.promptTokens,
        row.completionTokens,
        row.costUsd?.toFixed(8) ?? null,
        row.reservedTokens,
        row.warnAt ?? null,
        row.quotaTokens ?? null,
      ]);
      // The statement selects these columns, and always one row.
      const [counted] = rows as [RawMonth & { is_warning: boolean; is_end: boolean }];
      return { ...monthOf(counted), isWarning: counted.is_warning, isEnd: counted.is_end };
    },
    async reserve(clientId, month, tokens, quotaTokens) {
      // The first row of a month is inserted without a look at the quota.
      if (tokens > quotaTokens) return false;
      const { rows } = await pool.query(RESERVE, [clientId, month, tokens, quotaTokens]);
      return rows.length > 0;
    },
    async release(clientId, month, tokens) {
      await pool.query(RELEASE, [clientId, month, tokens]);
    },
    async month(clientId, month) {
      const { rows } = await pool.query(MONTH, [clientId, month]);
      // The statement selects these columns; there is a row once something was used.
      const [found] = rows as RawMonth[];
      return found === undefined ? { tokens: 0, reservedTokens: 0, costUsd: 0 } : monthOf(found);
    },
  };
}

function monthOf({ tokens, reserved_tokens, cost_usd }: RawMonth): MonthRow {
  return { tokens: Number(tokens), reservedTokens: Number(reserved_tokens), costUsd: Number(cost_usd) };
}
