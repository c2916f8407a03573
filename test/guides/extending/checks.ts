import type { CheckResult, HealthCheck } from 'express-runbook';
import type { Pool } from 'pg';

/** Whether orders are worked on: degraded while more wait than should, down when nobody can say. */
export function orderQueueCheck(pool: Pool, maxWaiting: number): HealthCheck {
  return {
    name: 'order_queue',
    critical: false, // a long queue is no reason to take this instance out of traffic
    timeoutMs: 500,
    cacheTtlMs: 10_000,
    async run(): Promise<CheckResult> {
      const { rows } = await pool.query<{ waiting: number }>(
        'SELECT count(*)::int AS waiting FROM order_queue WHERE taken_at IS NULL',
      );
      const waiting = rows[0]?.waiting ?? 0;
      if (waiting <= maxWaiting) return { status: 'up', details: { waiting } };
      return { status: 'degraded', message: `${waiting} orders wait`, details: { waiting } };
    },
  };
}

/** A carrier whose status page says more than a status code does; for those that do not there is `httpCheck()`. */
export function carrierCheck(url: string, key: string): HealthCheck {
  return {
    name: 'carrier',
    critical: false,
    refreshMs: 30_000, // looked at also while nobody asks
    failureThreshold: 2, // one failure is not an outage
    async run(signal): Promise<CheckResult> {
      const response = await fetch(url, {
        headers: { Authorization: `Bearer ${key}` },
        redirect: 'manual',
        signal, // aborted at the deadline: no call is left behind
      });
      if (!response.ok) {
        await response.body?.cancel();
        return { status: 'down', message: `the carrier answered ${response.status}` };
      }
      const { state } = (await response.json()) as { state?: string };
      return state === 'delayed' ? { status: 'degraded', message: 'the carrier is behind' } : { status: 'up' };
    },
  };
}
