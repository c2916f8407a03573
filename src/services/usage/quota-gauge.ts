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

/** As many clients as a metric has series; those after them still have their warnings in the log. */
const MAX_CLIENTS = 1000;

/**
 * Shows what a client has used of its quota, as of its latest call; a month that is over shows nothing. Workers of a cluster have
 * seen different calls of the same client: together they show the highest.
 */
export function showQuotaUsed({ registry, now }: UsageMeterSettings): (tokens: number, where: Where) => void {
  if (registry === undefined) return () => undefined;
  const owner: WithUsed = gauge(registry, {
    name: 'llm_quota_used_ratio',
    help: 'Share of its tokens of this month that a client has used, as of its latest call',
    labelNames: ['client_id'],
    aggregator: 'max',
    collect() {
      this.reset();
      const thisMonth = monthOf(now());
      for (const [client_id, { month, tokens, quotaTokens }] of used) {
        if (month === thisMonth) this.set({ client_id }, tokens / quotaTokens);
        else used.delete(client_id);
      }
    },
  });
  const used = (owner[USED] ??= new Map<string, Used>());
  return (tokens, { clientId, month, quotaTokens }) => {
    if (quotaTokens === 0 || (!used.has(clientId) && used.size >= MAX_CLIENTS)) return;
    const before = used.get(clientId);
    // Of calls that end at once, the one that was counted first may be told last.
    if (before?.month === month && before.tokens > tokens) return;
    used.set(clientId, { month, tokens, quotaTokens });
  };
}
