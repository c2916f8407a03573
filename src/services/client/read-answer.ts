import { serviceError, type FailedExchange } from './exchange.js';
import type { ServiceClientSettings } from './options.js';
import type { ServiceAnswer } from './service-answer.js';

export type Outcome<Value> = { readonly value: Value } | FailedExchange;

/** What the caller makes of an answer; that it can make nothing of it is a failure of the service. */
export function readAnswer<Value>(
  answer: ServiceAnswer,
  read: (answer: ServiceAnswer) => Value,
  settings: ServiceClientSettings,
): Outcome<Value> {
  try {
    return { value: read(answer) };
  } catch (cause) {
    const facts = { detail: 'the answer cannot be read', upstreamStatus: answer.status, cause };
    const error = serviceError('ERR_SERVICE_ANSWER_INVALID', facts, settings);
    return { error, isOutage: true, mayRetry: 'never' };
  }
}
