import { contextFields } from '../../core/context.js';
import type { UsageMeterSettings } from './options.js';
import type { UsageRecord } from './usage-metrics.js';

/** The tokens of a call, and never what was said in it. */
export function logUsage(
  usage: UsageRecord,
  costUsd: number | undefined,
  { logger, context }: UsageMeterSettings,
): void {
  const { clientId, model, operation, promptTokens, completionTokens } = usage;
  logger.info(
    {
      ...contextFields(context?.()),
      clientId,
      model,
      ...(operation === undefined ? {} : { operation }),
      promptTokens,
      completionTokens,
      totalTokens: promptTokens + completionTokens,
      ...(costUsd === undefined ? {} : { costUsd }),
    },
    'LLM usage',
  );
}
