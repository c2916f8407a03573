import { isNumber } from '../../../core/checks.js';
import type { CheckResult } from '../../../core/health-check.js';

export const isResponseTime = isNumber(0, Number.MAX_SAFE_INTEGER);

/** A dependency that answers, but slower than it should, is degraded. */
export function answered(name: string, startedAt: number, degradedAboveMs: number): CheckResult | undefined {
  if (performance.now() - startedAt <= degradedAboveMs) return undefined;
  return { status: 'degraded', message: `${name} took longer than ${degradedAboveMs} ms` };
}

/** What went wrong goes to the log; a body must not show hosts and credentials, which errors of drivers are full of. */
export function unreachable(name: string, cause: unknown): CheckResult {
  return { status: 'down', message: `${name} is not reachable`, cause };
}
