import type { Circuit } from '../guard/circuit-breaker.js';
import type { RetryBudget } from '../guard/retry-budget.js';
import type { Slots } from '../guard/slots.js';
import type { ClientLines } from './client-lines.js';
import type { ClientMetrics } from './client-metrics.js';
import type { Ending } from './ending.js';
import type { OnAbort } from './follow.js';
import type { ServiceClientSettings } from './options.js';

/** What all calls of one client share. */
export interface Shared {
  readonly settings: ServiceClientSettings;
  readonly circuit: Circuit;
  readonly slots: Slots;
  readonly budget: RetryBudget;
  readonly metrics: ClientMetrics;
  readonly lines: ClientLines;
  readonly ending: Ending;
  /** For the signals of callers, of which one may be that of many calls. */
  readonly onAbort: OnAbort;
}
