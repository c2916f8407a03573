import type { HealthCheck } from '../../core/health-check.js';
import type { LifecycleState } from '../../core/lifecycle.js';
import type { CheckReport } from '../engine/check-report.js';
import type { HealthEngine } from '../engine/health-engine.js';
import { overallOf, type HealthReport } from '../health-report.js';
import type { HealthSettings } from '../options.js';
import { HEALTH_STATUS_CODES, type HealthEndpoint } from '../status-codes.js';

/** How long probes repeat a pass at most: longer, and traffic keeps coming to a service that cannot serve it. */
const PROBE_TTL_MS = 1000;

const NOTHING: ReadonlySet<string> = new Set();

export interface FreshReport {
  readonly report: HealthReport;
  /** By the router's clock, when it must not be repeated any more. */
  readonly freshUntil: number;
}

export interface HealthReports {
  of(endpoint: HealthEndpoint, excluded?: ReadonlySet<string>): Promise<FreshReport>;
  /** What asks the check of that name; nothing when the endpoint does not run it. */
  one(endpoint: HealthEndpoint, name: string): (() => Promise<CheckReport>) | undefined;
}

/** What each endpoint knows, before a format puts it into words. */
export function createHealthReports(
  settings: HealthSettings,
  engine: HealthEngine,
  state: () => LifecycleState,
): HealthReports {
  let hasStarted = false;

  /** An endpoint whose answer the state alone decides asks nobody. */
  function asksChecks(endpoint: HealthEndpoint): boolean {
    if (endpoint === 'health') return true;
    if (endpoint === 'startup' && hasStarted) return false;
    return endpoint !== 'liveness' && state() === 'ready';
  }

  function report(endpoint: HealthEndpoint, checks: readonly CheckReport[]): HealthReport {
    // Read again: a signal to stop may have come while the checks ran.
    const current = state();
    return {
      status: HEALTH_STATUS_CODES[current][endpoint] === 200 ? overallOf(checks) : 'error',
      state: current,
      version: settings.version,
      uptimeSeconds: settings.uptimeSeconds(),
      reportedAt: settings.now(),
      checks,
    };
  }

  return {
    async of(endpoint, excluded = NOTHING) {
      const isAsked = (check: HealthCheck): boolean => takesPart(check, endpoint) && !excluded.has(check.name);
      const collected = asksChecks(endpoint) ? await engine.collect(isAsked, maxPassAgeMs(endpoint)) : UNASKED;
      const made = report(endpoint, collected.checks);
      const isComplete = made.state === 'ready' && excluded.size === 0;
      if (endpoint === 'startup' && isComplete && made.status !== 'error') hasStarted = true;
      const ttlMs = Math.min(maxPassAgeMs(endpoint), settings.cacheTtlMs);
      return { report: made, freshUntil: Math.min(made.reportedAt + ttlMs, collected.freshUntil) };
    },
    one(endpoint, name) {
      const found = engine.find(name);
      if (found === undefined || !takesPart(found.check, endpoint)) return undefined;
      return () => found.report(maxPassAgeMs(endpoint));
    },
  };
}

const UNASKED = { checks: [], freshUntil: Infinity };

function maxPassAgeMs(endpoint: HealthEndpoint): number {
  return endpoint === 'health' ? Infinity : PROBE_TTL_MS;
}

function takesPart(
  { critical = true, probes = critical ? ['readiness'] : [] }: HealthCheck,
  endpoint: HealthEndpoint,
): boolean {
  return endpoint === 'health' || (endpoint !== 'liveness' && probes.includes(endpoint));
}
