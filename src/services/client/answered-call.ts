import { attempts } from './attempts.js';
import type { CallOptions } from './call-options.js';
import { serviceError, type FailedExchange } from './exchange.js';
import { follow } from './follow.js';
import { preparedCall, type PreparedCall } from './prepared-call.js';
import { readAnswer, type Outcome } from './read-answer.js';
import type { ServiceAnswer } from './service-answer.js';
import type { Shared } from './shared.js';

// The fallback gives the answer as it is: it is read here.
const UNREAD = { read: undefined };

type Read<Value> = (answer: ServiceAnswer) => Value;

/** A whole call: attempts, the line about it, and the fallback. */
export async function answeredCall<Value>(
  shared: Shared,
  path: string,
  options: CallOptions,
  read: Read<Value>,
): Promise<Value> {
  const { settings, metrics, lines } = shared;
  if (shared.ending.isClosing()) {
    metrics.refused('ERR_SERVICE_CLOSED');
    throw serviceError('ERR_SERVICE_CLOSED', { detail: 'the client is closed' }, settings);
  }
  const call = preparedCall(path, options, settings);
  const startedAt = performance.now();
  const outcome = await attemptsUntil(shared, call, read, options.signal);
  const durationMs = performance.now() - startedAt;
  if ('value' in outcome) {
    lines.answered(call, durationMs);
    return outcome.value;
  }
  lines.failed(call, outcome.error, durationMs);
  if (settings.fallback === undefined || !mayFallBack(outcome)) throw outcome.error;
  lines.fellBack(call, outcome.error);
  metrics.fellBack();
  const other = readAnswer(await settings.fallback.call(path, { ...options, ...UNREAD }), read, settings);
  if ('value' in other) return other.value;
  throw other.error;
}

async function attemptsUntil<Value>(
  shared: Shared,
  call: PreparedCall,
  read: Read<Value>,
  signal: AbortSignal | undefined,
): Promise<Outcome<Value>> {
  const run = follow(signal, shared.onAbort);
  try {
    return await attempts(shared, call, read, run.signal);
  } finally {
    run.end();
  }
}

/** What one service refuses as wrong the next one would refuse too; a key that is not valid is the service's own. */
function mayFallBack({ isOutage, error }: FailedExchange): boolean {
  return isOutage || [401, 402, 403].includes(error.upstreamStatus ?? 0);
}
