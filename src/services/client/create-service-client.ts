import type { HealthCheck } from '../../core/health-check.js';
import { createCircuit, type CircuitState } from '../guard/circuit-breaker.js';
import { createRetryBudget } from '../guard/retry-budget.js';
import { createSlots } from '../guard/slots.js';
import { answeredCall } from './answered-call.js';
import type { CallOptions, Fallback, ReadingCallOptions } from './call-options.js';
import { circuitCheck, type ServiceCheckOptions } from './circuit-check.js';
import { clientLines } from './client-lines.js';
import { clientMetrics } from './client-metrics.js';
import { createEnding, type Ending } from './ending.js';
import { sharedListeners } from './follow.js';
import { resolveServiceClientOptions } from './client-settings.js';
import type { ServiceClientOptions, ServiceClientSettings } from './options.js';
import type { ServiceAnswer } from './service-answer.js';
import type { Shared } from './shared.js';

export interface ServiceClient extends Fallback {
  /** As in the options. */
  readonly name: string;
  /**
   * Asks the service and gives what `read` makes of the answer, or the answer itself. Rejects with `ServiceError`, with the
   * signal's reason when that ended it, and with `TypeError` for a path or header that cannot be sent.
   */
  call<Value>(path: string, options: ReadingCallOptions<Value>): Promise<Value>;
  call(path: string, options?: CallOptions): Promise<ServiceAnswer>;
  /** `open` while nothing is sent, `half-open` until one call has shown whether the service is back. */
  readonly circuit: () => CircuitState;
  /** Down while the circuit is open; asks nobody. Not critical unless told so. */
  check(options?: ServiceCheckOptions): HealthCheck;
  /** Refuses new calls and makes no retries any more. Resolves when no call is under way. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/**
 * Calls to one other service, over Node's own `fetch`: bounded in time, size and number; tried again where that is safe and
 * not too often; not made at all while the service does not work; with the ids of the request that asks, and with typed errors
 * that `errorHandler()` answers. Redirects are not followed.
 *
 * @example
 * const stock = createServiceClient({ name: 'stock', baseUrl, outgoingHeaders, registry: ops.metrics.registry });
 * const item = await stock.call(`/items/${id}`, { read: (answer) => itemSchema.parse(answer.json()) });
 */
export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  const settings = resolveServiceClientOptions(options);
  const listeners = new Set<() => void>();
  const ending = createEnding(settings.signal);
  const shared = sharedOf(settings, listeners, ending);
  const { circuit } = shared;

  function call<Value>(path: string, how: ReadingCallOptions<Value>): Promise<Value>;
  function call(path: string, how?: CallOptions): Promise<ServiceAnswer>;
  function call(path: string, how: CallOptions & { read?: (answer: ServiceAnswer) => unknown } = {}): Promise<unknown> {
    return ending.during(() => answeredCall(shared, path, how, how.read ?? ((answer) => answer)));
  }

  return {
    name: settings.name,
    call,
    circuit: circuit.state,
    check: (how = {}) => circuitCheck(settings.name, circuit.state, listeners, how),
    close: ending.close,
  };
}

function sharedOf(settings: ServiceClientSettings, listeners: ReadonlySet<() => void>, ending: Ending): Shared {
  const slots = createSlots(settings.maxConcurrent, settings.maxQueued);
  const metrics = clientMetrics(settings, slots.taken);
  const lines = clientLines(settings);
  const circuit = createCircuit({
    failureRatio: settings.breakerFailureRatio,
    minCalls: settings.breakerMinCalls,
    windowMs: settings.breakerWindowMs,
    openMs: settings.breakerOpenMs,
    now: settings.now,
    onChange(state) {
      metrics.up(state === 'closed');
      lines.circuit(state);
      for (const invalidate of listeners) invalidate();
    },
  });
  return {
    settings,
    circuit,
    slots,
    budget: createRetryBudget(settings.retryRatio),
    metrics,
    lines,
    ending,
    onAbort: sharedListeners(),
  };
}
