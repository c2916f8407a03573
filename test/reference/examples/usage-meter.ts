import { createUsageMeter } from 'express-runbook/services';
import { Pool } from 'pg';

export const pool = new Pool({ connectionString: process.env.DATABASE_URL });

const meter = createUsageMeter({
  pool,
  prices: { 'small-model': { promptUsd: 0.15, completionUsd: 0.6 } }, // for a million tokens
  monthlyTokens: 1_000_000,
});

export function summary(clientId: string, text: string): Promise<string> {
  return meter.metered({ clientId, model: 'small-model', maxTokens: 2000 }, () =>
    // Here the language model is asked, which says what it used.
    Promise.resolve({ value: text.slice(0, 20), usage: { promptTokens: 900, completionTokens: 100 } }),
  );
}

export const used = (clientId: string) => meter.month(clientId);
