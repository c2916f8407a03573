import type { Registry } from 'prom-client';
import { counter } from '../../instruments/instruments.js';

/** Who used how much of what. */
export interface Usage {
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

/** Clients and models beyond a thousand pairs share one series. */
export function usageCounters(registry: Registry | undefined): CountUsage {
  if (registry === undefined) return () => undefined;
  const tokens = counter(registry, {
    name: 'llm_tokens_total',
    help: 'Tokens of language models, type prompt or completion',
    labelNames: ['client_id', 'model', 'type'],
  });
  const cost = counter(registry, {
    name: 'llm_cost_usd_total',
    help: 'Cost of language models in US dollars, by the prices that the service knows',
    labelNames: ['client_id', 'model'],
  });
  return ({ clientId: client_id, model, promptTokens, completionTokens }, costUsd) => {
    tokens.inc({ client_id, model, type: 'prompt' }, promptTokens);
    tokens.inc({ client_id, model, type: 'completion' }, completionTokens);
    if (costUsd !== undefined) cost.inc({ client_id, model }, costUsd);
  };
}
