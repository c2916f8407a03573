import type { QuotaEvent, UsageMeterSettings } from './options.js';
import type { CountedRow } from './usage-tables.js';

type Where = Pick<QuotaEvent, 'clientId' | 'month' | 'quotaTokens'>;

/** Tells of the marks that a row was the first to reach. Nothing that goes wrong with telling concerns the call. */
export function quotaEvents({ logger, onQuota }: UsageMeterSettings): (counted: CountedRow, where: Where) => void {
  async function tell(kind: QuotaEvent['kind'], event: QuotaEvent): Promise<void> {
    const fields = { ...event };
    if (kind === 'warning') logger.warn(fields, 'LLM quota is nearly used up');
    else logger.error(fields, 'LLM quota is used up');
    try {
      await onQuota?.(event);
    } catch (error) {
      logger.error({ error, clientId: event.clientId }, 'onQuota failed');
    }
  }

  return ({ tokens, isWarning, isEnd }, where) => {
    if (isWarning) void tell('warning', { kind: 'warning', tokens, ...where });
    if (isEnd) void tell('exceeded', { kind: 'exceeded', tokens, ...where });
  };
}
