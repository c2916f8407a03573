import type { JobTypeOptions } from 'express-runbook/jobs';

/** What knows whether the other service answers: a circuit breaker, or a health check that runs by itself. */
export const model = { isDown: false };

export const summary: JobTypeOptions<{ text: string }> = {
  waitWhile: () => model.isDown, // pending meanwhile, without losing an attempt
  run: ({ text }) => text.slice(0, 10),
};
