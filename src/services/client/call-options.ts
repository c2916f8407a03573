import type { ServiceAnswer } from './service-answer.js';

export interface CallOptions {
  /**
   * Method of the request.
   * @default 'GET', and 'POST' with a body
   */
  readonly method?: string;
  /** Appended to the path: a list as one parameter for each of it, `undefined` not at all. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Beside those of the client, and before them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, in place of `json`; say its `Content-Type`. */
  readonly body?: string | Uint8Array;
  /**
   * Makes a call safe to repeat that is not so by its method, for a service that knows `Idempotency-Key`: it is sent with every
   * attempt.
   */
  readonly idempotencyKey?: string;
  /**
   * A word for metrics and lines, of a short list, e.g. `query`.
   * @default the method
   */
  readonly operation?: string;
  /** Milliseconds that one attempt may take, in place of the client's. */
  readonly timeoutMs?: number;
  /** Milliseconds that the call may take in all, in place of the client's. */
  readonly totalTimeoutMs?: number;
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Statuses that are answers as well, beside 2xx, e.g. `[404]`. */
  readonly accept?: readonly number[];
}

/** A call whose answer is read before it counts: what `read` throws is a failure of the service. */
export interface ReadingCallOptions<Value> extends CallOptions {
  /** Makes the value of the answer. */
  readonly read: (answer: ServiceAnswer) => Value;
}

/** Who answers in place of the service. */
export interface Fallback {
  call(path: string, options?: CallOptions): Promise<ServiceAnswer>;
}
