import { getContext } from 'express-runbook';
import { createUsageMeter } from 'express-runbook/services';
import { Pool } from 'pg';
import { ops } from './client.js';
import { llm } from './fallback.js';

export const pool = new Pool({ connectionString: ops.config.database.url });
ops.addPool(pool);

export const meter = createUsageMeter({
  pool,
  prices: { 'gpt-4o-mini': { promptUsd: 0.15, completionUsd: 0.6 } }, // for a million tokens
  monthlyTokens: 1_000_000, // or a function of the client
  onQuota: ({ kind, clientId }) => {
    ops.logger.warn({ clientId, kind }, 'Tell the account manager');
  },
  context: getContext,
  logger: ops.logger,
  registry: ops.metrics.registry,
});

interface Completion {
  readonly text: string;
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

export function complete(clientId: string, prompt: string): Promise<string> {
  const model = 'gpt-4o-mini';
  return meter.metered({ clientId, model, maxTokens: 2000, operation: 'analysis' }, () =>
    llm.call('/v1/complete', {
      json: { model, prompt, max_tokens: 1000 },
      operation: 'analysis',
      read(answer) {
        const { text, usage } = answer.json() as Completion;
        return {
          value: text,
          usage: { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens },
        };
      },
    }),
  );
}
