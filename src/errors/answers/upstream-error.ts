import { read, readText } from '../read.js';
import { answer, type Answer } from './answer.js';

const FAILED = answer(502, 'Bad gateway');
const TOO_SLOW = answer(504, 'Gateway timeout');

// Of undici, which is fetch (https://undici.nodejs.org/#/docs/api/Errors), and of the system.
const TIMED_OUT = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

/**
 * A call to another service that gave no answer: `fetch` rejects with `TypeError: fetch failed` and the reason as `cause`
 * (https://fetch.spec.whatwg.org/#fetch-method), and with the signal's reason when that cut it: a `TimeoutError` from
 * `AbortSignal.timeout`, an `AbortError` from somebody who no longer wants the answer.
 */
export function answerOfUpstreamError(error: unknown): Answer | undefined {
  const name = readText(error, 'name');
  if (name === 'TimeoutError') return TOO_SLOW;
  if (name === 'AbortError') return answer(503, 'Service unavailable');
  const isFetch = name === 'TypeError' && readText(error, 'message') === 'fetch failed';
  if (!isFetch) return undefined;
  return TIMED_OUT.has(readText(read(error, 'cause'), 'code') ?? '') ? TOO_SLOW : FAILED;
}
