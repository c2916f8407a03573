import type { Registry } from 'prom-client';
import { firstValues } from '../../instruments/first-values.js';
import { counter } from '../../instruments/instruments.js';

/** Who used how much of what. */
interface Usage {
  readonly clientId: string;
  readonly model: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** What one call of a language model used. */
export interface UsageRecord extends Usage {
  /** What it was for, e.g. `analysis`. */
  readonly operation?: string;
}

export type CountUsage = (usage: Usage, costUsd: number | undefined) => void;

/** By model, and by client where that is asked for. Clients beyond `maxClients`, and models beyond a thousand pairs, share a series. */
export function usageCounters(registry: Registry | undefined, maxClients: number): CountUsage {
  if (registry === undefined) return () => undefined;
  const client = maxClients === 0 ? [] : ['client_id'];
  const tokens = counter(registry, {
    name: 'llm_tokens_total',
    help: 'Tokens of language models, type prompt or completion',
    labelNames: [...client, 'model', 'type'],
  });
  const cost = counter(registry, {
    name: 'llm_cost_usd_total',
    help: 'Cost of language models in US dollars, by the prices that the service knows',
    labelNames: [...client, 'model'],
  });
  const shown = firstValues(maxClients);
  return ({ clientId, model, promptTokens, completionTokens }, costUsd) => {
    const labels = { ...(maxClients === 0 ? {} : { client_id: shown(clientId) }), model };
    tokens.inc({ ...labels, type: 'prompt' }, promptTokens);
    tokens.inc({ ...labels, type: 'completion' }, completionTokens);
    if (costUsd !== undefined) cost.inc(labels, costUsd);
  };
}
