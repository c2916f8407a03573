import { isNumber } from '../../../core/checks.js';
import { ConfigError } from '../../../core/config-error.js';
import type { CheckResult } from '../../../core/health-check.js';

/** Bounds of a share that is used, both in percent. */
export interface UsageBounds {
  readonly warnPercent: number;
  readonly criticalPercent: number;
}

export const isPercent = isNumber(0, 100);

/** Load may stand above what the processors can do. */
export const isLoadPercent = isNumber(0, 1000);

/**
 * Refuses bounds that were both said and stand the wrong way round. A warning above the default of the critical bound is
 * fine: there is no critical level below the warning then.
 */
export function demandOrder(scope: string, said: Partial<UsageBounds> | undefined, { warnPercent }: UsageBounds): void {
  const criticalPercent = said?.criticalPercent;
  if (criticalPercent === undefined || warnPercent <= criticalPercent) return;
  const problem = `must not be above criticalPercent (${criticalPercent}), got ${warnPercent}`;
  throw new ConfigError('ERR_OPTION_CONFLICT', `${scope}.warnPercent`, problem);
}

/**
 * What a share means: above the first bound degraded; above the second down when the service declared it critical, else
 * degraded still. `details.level` tells the two apart either way.
 */
export function usageResult(
  percent: number,
  bounds: UsageBounds & { readonly critical: boolean },
  message: string,
  details: Readonly<Record<string, unknown>>,
): CheckResult {
  const level = levelOf(percent, bounds);
  const shown = { ...details, percentage: inPercent(percent), level };
  if (level === 'normal') return { status: 'up', details: shown };
  return { status: level === 'critical' && bounds.critical ? 'down' : 'degraded', message, details: shown };
}

/** As the runbooks print a share: `61.23%`. */
export function inPercent(percent: number): string {
  return `${percent.toFixed(2)}%`;
}

function levelOf(percent: number, bounds: UsageBounds): 'normal' | 'warning' | 'critical' {
  if (percent <= bounds.warnPercent) return 'normal';
  return percent > bounds.criticalPercent ? 'critical' : 'warning';
}
