import type { CheckStatus } from '../../core/health-check.js';
import type { LifecycleState } from '../../core/lifecycle.js';
import type { MeasureName } from '../thresholds/index.js';
import { PROCESS_CHECKS } from '../what-counts.js';
import type { MeasureValue } from './measure-value.js';

const isOwn = new RegExp(`^(?:${PROCESS_CHECKS})$`);

/** What is needed of the report of `createHealthRouter`. */
export interface HealthView {
  readonly state: LifecycleState;
  readonly checks: readonly {
    readonly name: string;
    readonly critical: boolean;
    readonly status: CheckStatus;
    readonly message?: string;
  }[];
}

/** What the health of the service says of the measures that are about it. A service that is stopping is not ill. */
export function healthMeasures({ state, checks }: HealthView): Partial<Record<MeasureName, readonly MeasureValue[]>> {
  if (state === 'draining' || state === 'stopped') return {};
  const isBroken = checks.some(({ critical, status }) => critical && status === 'down');
  const isWell = checks.every(({ status }) => status === 'up');
  const one = (value: number): MeasureValue[] => [{ value }];
  return {
    // One that starts is not ready; that its checks have not passed yet is no illness.
    readinessFailing: one(isBroken || state === 'starting' ? 1 : 0),
    ...(state === 'starting' ? {} : { overallStatus: one(isBroken ? 2 : isWell ? 0 : 1) }),
    externalServiceDown: checks
      .filter(({ name }) => !isOwn.test(name))
      .map(({ name, status }) => ({ resource: name, value: status === 'down' ? 1 : 0 })),
  };
}

/** The checks that are not up, in words. */
export function ailing({ checks }: HealthView): string[] {
  return checks
    .filter(({ status }) => status !== 'up')
    .map(({ name, status, message }) => `${name} ${status}${message === undefined ? '' : `: ${message}`}`);
}
