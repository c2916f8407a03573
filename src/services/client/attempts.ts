import type { Permit } from '../guard/circuit-breaker.js';
import type { NoSlot } from '../guard/slots.js';
import { exchange, serviceError, type FailedExchange } from './exchange.js';
import { pause, pauseBeforeNext } from './pause.js';
import type { PreparedCall } from './prepared-call.js';
import { readAnswer, type Outcome } from './read-answer.js';
import type { ServiceAnswer } from './service-answer.js';
import type { Shared } from './shared.js';

/** Attempts until one succeeds or no other is allowed. Rejects with the reason of `signal` when that was aborted. */
export async function attempts<Value>(
  shared: Shared,
  call: PreparedCall,
  read: (answer: ServiceAnswer) => Value,
  signal: AbortSignal,
): Promise<Outcome<Value>> {
  const startedAt = performance.now();
  const leftMs = (): number => call.totalTimeoutMs - (performance.now() - startedAt);
  shared.budget.earn();
  for (let number = 1; ; number++) {
    const outcome = await guarded(shared, call, read, leftMs(), signal);
    if ('value' in outcome) return outcome;
    const isUntried = isRefusal(outcome);
    outcome.error.attempts = isUntried ? number - 1 : number;
    const pauseMs = pauseBeforeNext(shared, call, outcome, number, leftMs());
    if (pauseMs === undefined) return outcome;
    shared.lines.retried(call, outcome.error, number, pauseMs);
    shared.metrics.retried();
    if (!(await pause(shared, pauseMs, signal))) return outcome;
  }
}

/** One attempt, when the circuit and the queue let it. */
async function guarded<Value>(
  shared: Shared,
  call: PreparedCall,
  read: (answer: ServiceAnswer) => Value,
  leftMs: number,
  signal: AbortSignal,
): Promise<Outcome<Value>> {
  const { circuit, slots } = shared;
  const permit = circuit.admit();
  if (typeof permit === 'number') return refusal(shared, 'ERR_SERVICE_OPEN', 'its circuit is open', permit);
  const queuedAt = performance.now();
  const noSlot = await slots.take(leftMs, signal);
  if (noSlot !== undefined) {
    permit.dropped();
    return withoutSlot(shared, noSlot, signal);
  }
  try {
    // It may have opened while this call was waiting.
    if (circuit.state() === 'open') return refusal(shared, 'ERR_SERVICE_OPEN', 'its circuit is open');
    const timeoutMs = Math.max(1, Math.min(call.timeoutMs, leftMs - (performance.now() - queuedAt)));
    return await measured(shared, call, read, timeoutMs, permit, signal);
  } finally {
    slots.free();
  }
}

async function measured<Value>(
  { settings, metrics }: Shared,
  call: PreparedCall,
  read: (answer: ServiceAnswer) => Value,
  timeoutMs: number,
  permit: Permit,
  signal: AbortSignal,
): Promise<Outcome<Value>> {
  const startedAt = performance.now();
  let outcome: Outcome<Value>;
  try {
    const exchanged = await exchange(call, call.headers(), timeoutMs, signal, settings);
    outcome = 'answer' in exchanged ? readAnswer(exchanged.answer, read, settings) : exchanged;
  } catch (error) {
    permit.dropped();
    throw error;
  }
  metrics.attempted(call.operation, (performance.now() - startedAt) / 1000);
  if (!('value' in outcome)) metrics.failed(outcome.error.code);
  if ('value' in outcome || !outcome.isOutage) permit.succeeded();
  else permit.failed();
  return outcome;
}

function isRefusal({ error }: FailedExchange): boolean {
  return error.code === 'ERR_SERVICE_OPEN' || error.code === 'ERR_SERVICE_BUSY';
}

function withoutSlot(shared: Shared, reason: NoSlot, signal: AbortSignal): FailedExchange {
  if (reason === 'left') throw signal.reason;
  return refusal(
    shared,
    'ERR_SERVICE_BUSY',
    reason === 'full' ? 'too many calls wait' : 'its turn did not come in time',
  );
}

function refusal(
  { settings, metrics }: Shared,
  code: 'ERR_SERVICE_OPEN' | 'ERR_SERVICE_BUSY',
  detail: string,
  retryAfterMs = 1000,
): FailedExchange {
  metrics.refused(code);
  return { error: serviceError(code, { detail, retryAfterMs }, settings), isOutage: true, mayRetry: 'never' };
}
