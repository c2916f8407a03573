import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;
const NANOSECONDS_PER_MS = 1e6;

export interface EventLoopDelay {
  /** The 99th percentile in milliseconds since it was last read. */
  read: () => number;
  close: () => void;
}

export function eventLoopDelay(): EventLoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return {
    read() {
      // What is recorded is the time between two ticks of a timer; NaN before the first.
      const delayMs = histogram.percentile(99) / NANOSECONDS_PER_MS - RESOLUTION_MS;
      histogram.reset();
      return Math.max(0, Number.isNaN(delayMs) ? 0 : delayMs);
    },
    close: () => {
      histogram.disable();
    },
  };
}
