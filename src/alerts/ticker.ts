import type { AlertsSettings } from './options.js';

/** Has the rules looked at again and again, without keeping the process alive. */
export interface Ticker {
  /** After what happens now, once, however often it is called. */
  readonly soon: () => void;
  readonly now: () => Promise<void>;
  readonly stop: () => void;
}

export function createTicker(look: () => Promise<void>, { intervalMs, logger }: AlertsSettings): Ticker {
  let underWay: Promise<void> | undefined;
  let isWanted = false;
  let isStopped = false;

  async function once(): Promise<void> {
    try {
      await look();
    } catch (error) {
      logger.error({ error }, 'The rules of alerts could not be looked at');
    } finally {
      underWay = undefined;
      if (isWanted) soon();
    }
  }

  function begin(): Promise<void> {
    isWanted = false;
    underWay = once();
    return underWay;
  }

  function soon(): void {
    isWanted = true;
    if (underWay !== undefined || isStopped) return;
    setImmediate(() => {
      if (isWanted && underWay === undefined && !isStopped) void begin();
    });
  }

  const timer = intervalMs === 0 ? undefined : setInterval(soon, intervalMs).unref();
  return {
    soon,
    async now() {
      // One that has begun does not know what has happened since.
      while (underWay !== undefined) await underWay;
      await begin();
    },
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
  };
}
