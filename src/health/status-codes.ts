import type { LifecycleState } from '../core/lifecycle.js';

/** What a path asks: would a restart help, may traffic come, is it up at last, what is wrong. */
export type HealthEndpoint = 'liveness' | 'readiness' | 'startup' | 'health';

/** @inline */
type StatusCodes = Readonly<Record<HealthEndpoint, 200 | 503>>;

/**
 * The best answer that each endpoint gives in each state. In `ready` the checks may turn readiness and health to 503, and
 * startup until its checks have passed once; nothing turns liveness, because no restart mends a dependency.
 */
export const HEALTH_STATUS_CODES: Readonly<Record<LifecycleState, StatusCodes>> = Object.freeze({
  starting: Object.freeze({ liveness: 200, readiness: 503, startup: 503, health: 503 }),
  ready: Object.freeze({ liveness: 200, readiness: 200, startup: 200, health: 200 }),
  draining: Object.freeze({ liveness: 200, readiness: 503, startup: 200, health: 503 }),
  stopped: Object.freeze({ liveness: 200, readiness: 503, startup: 200, health: 503 }),
});
