import type { Logger } from '../core/logger.js';

/** One line when something stops working and one when it works again, and not one per attempt. */
export interface OutageReport {
  failed(error: unknown): void;
  works(): void;
}

export function outageReport(logger: Logger, what: string): OutageReport {
  let isAway = false;
  return {
    failed(error) {
      if (!isAway) logger.warn({ error }, `${what} failed; it is tried again`);
      isAway = true;
    },
    works() {
      if (isAway) logger.info({}, `${what} works again`);
      isAway = false;
    },
  };
}
