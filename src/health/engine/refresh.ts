import type { HealthCheck } from '../../core/health-check.js';

/** Runs a check again and again, without keeping the process alive. Returns what ends it. */
export function startRefresh({ refreshMs }: HealthCheck, run: () => void): () => void {
  if (refreshMs === undefined) return () => undefined;
  const timer = setInterval(run, refreshMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
