import type { CheckResult, HealthCheck } from '../../core/health-check.js';
import type { CircuitState } from '../guard/circuit-breaker.js';

/** How the check of a client differs from the usual. */
export type ServiceCheckOptions = Pick<HealthCheck, 'critical' | 'probes'>;

/**
 * The health of a service by what its calls say of it: nobody is asked, so that a probe costs neither time nor money. Not
 * critical: that another service is away is no reason to take this one out of traffic.
 */
export function circuitCheck(
  name: string,
  state: () => CircuitState,
  listeners: Set<() => void>,
  options: ServiceCheckOptions,
): HealthCheck {
  return {
    name,
    critical: false,
    ...options,
    cacheTtlMs: 0,
    failureCacheTtlMs: 0,
    run: () => resultOf(state()),
    details: () => ({ circuit: state() }),
    watch(invalidate) {
      listeners.add(invalidate);
      return () => void listeners.delete(invalidate);
    },
  };
}

function resultOf(state: CircuitState): CheckResult {
  if (state === 'closed') return { status: 'up' };
  if (state === 'open') return { status: 'down', message: 'most of the latest calls failed' };
  return { status: 'degraded', message: 'failed a moment ago, is being tried' };
}
