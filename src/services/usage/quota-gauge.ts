import type { Gauge } from 'prom-client';
import { gauge } from '../../instruments/instruments.js';
import { monthOf } from './month-of.js';
import type { QuotaEvent, UsageMeterSettings } from './options.js';

type Where = Pick<QuotaEvent, 'clientId' | 'month' | 'quotaTokens'>;

/** On the gauge itself: a second meter on the same registry finds the first one's. */
const USED = Symbol.for('express-runbook.llm-quota-used.v0');

interface Used {
  readonly month: string;
  readonly tokens: number;
  readonly quotaTokens: number;
}

interface WithUsed extends Gauge<'client_id'> {
  [USED]?: Map<string, Used>;
}

/** Of whom the highest is known where none has a series of its own; those after them still have their warnings in the log. */
const MAX_CLIENTS = 1000;

/**
 * Shows what a client has used of its quota, as of its latest call; a month that is over shows nothing. Without `maxClients` it is
 * the client who has used most. Workers of a cluster have seen different calls of the same client: together they show the highest.
 */
export function showQuotaUsed({
  registry,
  now,
  maxClients,
}: UsageMeterSettings): (tokens: number, where: Where) => void {
  if (registry === undefined) return () => undefined;
  const owner: WithUsed = gauge(registry, {
    name: 'llm_quota_used_ratio',
    help: 'Share of its tokens of this month that a client has used, as of its latest call',
    labelNames: maxClients === 0 ? [] : ['client_id'],
    aggregator: 'max',
    collect() {
      this.reset();
      const thisMonth = monthOf(now());
      for (const [clientId, { month }] of used) if (month !== thisMonth) used.delete(clientId);
      const ratios = [...used].map(([client_id, { tokens, quotaTokens }]) => ({
        client_id,
        ratio: tokens / quotaTokens,
      }));
      if (maxClients > 0) for (const { client_id, ratio } of ratios) this.set({ client_id }, ratio);
      else if (ratios.length > 0) this.set(Math.max(...ratios.map(({ ratio }) => ratio)));
    },
  });
  const used = (owner[USED] ??= new Map<string, Used>());
  return (tokens, { clientId, month, quotaTokens }) => {
    if (quotaTokens === 0 || (!used.has(clientId) && used.size >= (maxClients || MAX_CLIENTS))) return;
    const before = used.get(clientId);
    // Of calls that end at once, the one that was counted first may be told last.
    if (before?.month === month && before.tokens > tokens) return;
    used.set(clientId, { month, tokens, quotaTokens });
  };
}
