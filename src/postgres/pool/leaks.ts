import type { PoolClient } from 'pg';
import type { Logger } from '../../core/logger.js';
import { harmless } from './harmless.js';

/** Says who keeps a connection for too long. */
export interface LeakDetection {
  acquired(client: PoolClient, acquirer: Acquirer): void;
  released(client: PoolClient): void;
}

/** Where a connection was asked for: what `Error.captureStackTrace` leaves on it. */
export interface Acquirer {
  stack?: string;
}

interface Hold {
  readonly timer: NodeJS.Timeout;
  readonly since: number;
  isReported: boolean;
}

const MAX_FRAMES = 8;

export function createLeakDetection(
  thresholdMs: number,
  { name, logger, leaked }: { name: string; logger: Logger; leaked: () => void },
): LeakDetection {
  const holds = new WeakMap<PoolClient, Hold>();

  const report = harmless((hold: Hold, acquirer: Acquirer) => {
    hold.isReported = true;
    leaked();
    const stack = framesOf(acquirer);
    // Its own file and line first; the rest shows who called it.
    const acquiredAt = stack.find((frame) => !/node_modules|node:/.test(frame)) ?? stack[0];
    const fields = { pool: name, heldMs: thresholdMs, acquiredAt, stack };
    logger.warn(fields, 'Database client held for too long');
  });

  return {
    acquired(client, acquirer) {
      const hold: Hold = {
        timer: setTimeout(() => report(hold, acquirer), thresholdMs).unref(),
        since: performance.now(),
        isReported: false,
      };
      holds.set(client, hold);
    },
    released(client) {
      const hold = holds.get(client);
      if (hold === undefined) return;
      clearTimeout(hold.timer);
      holds.delete(client);
      if (!hold.isReported) return;
      const heldMs = Math.round(performance.now() - hold.since);
      harmless(() => logger.info({ pool: name, heldMs }, 'Database client came back after all'))();
    },
  };
}

function framesOf(acquirer: Acquirer): string[] {
  const lines = acquirer.stack?.split('\n').slice(1, MAX_FRAMES + 1) ?? [];
  return lines.map((line) => line.trim().replace(/^at /, ''));
}
