import type { AlertMetrics } from './alert-metrics.js';
import type { AlertsSettings } from './options.js';

const MINUTE_MS = 60_000;

/** Counts each alert that is not told because so many different ones are sent, and says so once a minute. */
export function tooMany({ logger, now }: AlertsSettings, metrics: AlertMetrics): (name: string) => void {
  let saidAt: number | undefined;
  return (name) => {
    metrics.heldBack('too_many');
    const time = now();
    if (saidAt !== undefined && time >= saidAt && time - saidAt < MINUTE_MS) return;
    saidAt = time;
    logger.warn({ alert: name }, 'Too many different alerts are sent: only the log and the store have this one');
  };
}
