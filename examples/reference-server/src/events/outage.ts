import type { Logger } from 'express-runbook';

/** One line when something stops working and one when it works again, and not one per attempt. */
export function outageOf(logger: Logger, what: string): { goesOn(error: unknown): void; isOver(): void } {
  let isAway = false;
  return {
    goesOn(error) {
      if (!isAway) logger.warn({ error }, `${what} failed; it is tried again`);
      isAway = true;
    },
    isOver() {
      if (isAway) logger.info({}, `${what} works again`);
      isAway = false;
    },
  };
}
