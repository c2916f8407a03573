import type { MeasureName } from '../thresholds/index.js';
import { GAUGE_MEASURES, GROWTH_MEASURES } from './registry-measures.js';

export const OF_HEALTH: readonly MeasureName[] = ['readinessFailing', 'overallStatus', 'externalServiceDown'];
const OF_PROCESS: readonly MeasureName[] = ['eventLoopLag', 'heapUtilization'];

interface Sources {
  readonly measures: object;
  readonly registry?: object | undefined;
  readonly health?: unknown;
}

/** Whether anything in this process can say what a measure is. */
export function isMeasured(name: MeasureName, { measures, registry, health }: Sources): boolean {
  if (Object.hasOwn(measures, name) || OF_PROCESS.includes(name)) return true;
  if (health !== undefined && OF_HEALTH.includes(name)) return true;
  return registry !== undefined && (GROWTH_MEASURES[name] !== undefined || GAUGE_MEASURES[name] !== undefined);
}
