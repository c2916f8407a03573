import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;

/** By how much the event loop was late since the reading before. `close` stops the measuring. */
export function createDelayMeter(): { read: () => { p99Ms: number; maxMs: number }; close: () => void } {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return {
    read() {
      const reading = { p99Ms: delayMs(histogram.percentile(99)), maxMs: delayMs(histogram.max) };
      histogram.reset();
      return reading;
    },
    close: () => void histogram.disable(),
  };
}

/** What is recorded is the whole time between two looks, in nanoseconds: the pause that was meant is part of it. */
function delayMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
}
