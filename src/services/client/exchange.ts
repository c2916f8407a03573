import { ServiceError, type ServiceErrorCode, type ServiceErrorFacts } from '../service-error.js';
import { retryAfterMs } from '../../core/retry-after.js';
import { bodySummary } from './body-summary.js';
import { boundedBody } from './bounded-body.js';
import { follow } from './follow.js';
import type { ServiceClientSettings } from './options.js';
import type { PreparedCall } from './prepared-call.js';
import { serviceAnswer, type ServiceAnswer } from './service-answer.js';

const TIMED_OUT = Symbol('timed out');
/** Of the body of a failure: enough for a hash and a word. */
const MAX_ERROR_BYTES = 16_384;
// Nothing was sent, so nothing can have been done. Of the system and of undici, which is fetch.
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** An attempt that failed, and what that means for another one. */
export interface FailedExchange {
  readonly error: ServiceError;
  /** Whether the service did not work, rather than refuse. */
  readonly isOutage: boolean;
  readonly mayRetry: 'always' | 'when safe' | 'never';
  /** What the service asked for. */
  readonly retryAfterMs?: number | undefined;
}

export type Exchanged = { readonly answer: ServiceAnswer } | FailedExchange;

/** One attempt. Rejects with the reason of `signal` when that was aborted, and for nothing else. */
export async function exchange(
  call: PreparedCall,
  headers: Headers,
  timeoutMs: number,
  signal: AbortSignal,
  settings: ServiceClientSettings,
): Promise<Exchanged> {
  const cut = follow(signal);
  let late: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    // When the event loop was blocked, what arrived in time is read only after its timers have run.
    late = setImmediate(() => {
      cut.abort(TIMED_OUT);
    });
  }, timeoutMs);
  try {
    return await fetched(call, headers, cut.signal, settings);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return cut.signal.reason === TIMED_OUT ? tooLate(timeoutMs, settings) : unreachable(error, settings);
  } finally {
    clearTimeout(timer);
    clearImmediate(late);
    cut.end();
  }
}

async function fetched(
  { url, method, body, isAnswer }: PreparedCall,
  headers: Headers,
  signal: AbortSignal,
  settings: ServiceClientSettings,
): Promise<Exchanged> {
  // A redirect would take keys that are no Authorization header to wherever it points.
  // fetch takes every view of bytes; its type leaves those of shared memory out.
  const sent = (body ?? null) as string | Uint8Array<ArrayBuffer> | null;
  const response = await fetch(url, { method, headers, body: sent, signal, redirect: 'manual' });
  if (!isAnswer(response.status)) return refused(response, settings);
  const { bytes, isWhole } = await boundedBody(response, settings.maxResponseBytes);
  if (isWhole) return { answer: serviceAnswer(settings.name, response, bytes) };
  const detail = `the answer has more than ${String(settings.maxResponseBytes)} bytes`;
  return failed('ERR_SERVICE_ANSWER_TOO_LARGE', { detail, upstreamStatus: response.status }, settings, 'never');
}

async function refused(response: Response, settings: ServiceClientSettings): Promise<FailedExchange> {
  const { status } = response;
  const { bytes, isWhole } = await boundedBody(response, MAX_ERROR_BYTES);
  const detail = `answered ${String(status)} (${bodySummary(bytes, isWhole)})`;
  const asked = retryAfterMs(response.headers.get('retry-after'));
  const facts = { detail, upstreamStatus: status, ...(asked === undefined ? {} : { retryAfterMs: asked }) };
  if (status === 429) return failed('ERR_SERVICE_OVERLOADED', facts, settings, 'when safe', asked);
  if (status === 408) return failed('ERR_SERVICE_TIMEOUT', facts, settings, 'when safe', asked);
  if (status >= 500 && status !== 501) return failed('ERR_SERVICE_FAILED', facts, settings, 'when safe', asked);
  if (status < 400 || status >= 500) return failed('ERR_SERVICE_FAILED', facts, settings, 'never');
  return { ...failed('ERR_SERVICE_REJECTED', facts, settings, 'never'), isOutage: false };
}

function tooLate(timeoutMs: number, settings: ServiceClientSettings): FailedExchange {
  const detail = `no whole answer within ${String(Math.ceil(timeoutMs))} ms`;
  return failed('ERR_SERVICE_TIMEOUT', { detail }, settings, 'when safe');
}

function unreachable(error: unknown, settings: ServiceClientSettings): FailedExchange {
  const reason: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const code = reason instanceof Error && 'code' in reason ? String(reason.code) : 'broken connection';
  const facts = { detail: `cannot be reached (${code})`, cause: error };
  const kind = code.endsWith('TIMEOUT') || code === 'ETIMEDOUT' ? 'ERR_SERVICE_TIMEOUT' : 'ERR_SERVICE_UNREACHABLE';
  return failed(kind, facts, settings, NEVER_CONNECTED.has(code) ? 'always' : 'when safe');
}

function failed(
  code: ServiceErrorCode,
  facts: Omit<ServiceErrorFacts, 'service'>,
  settings: ServiceClientSettings,
  mayRetry: FailedExchange['mayRetry'],
  asked?: number,
): FailedExchange {
  return { error: serviceError(code, facts, settings), isOutage: true, mayRetry, retryAfterMs: asked };
}

export function serviceError(
  code: ServiceErrorCode,
  facts: Omit<ServiceErrorFacts, 'service'>,
  { name, unavailableMessage }: ServiceClientSettings,
): ServiceError {
  return new ServiceError(code, {
    service: name,
    ...facts,
    ...(unavailableMessage === undefined ? {} : { unavailableMessage }),
  });
}
