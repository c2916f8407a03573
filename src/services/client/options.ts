import type { Registry } from 'prom-client';
import type { GetContext } from '../../core/context.js';
import { SILENT_LOGGER, type Logger } from '../../core/logger.js';
import type { Resolved } from '../../core/options.js';
import type { Fallback } from './call-options.js';

export interface ServiceClientOptions {
  /** Which service this is, e.g. `llm_service`: in metrics, lines, errors and health. Required; all names together are a short list. */
  name: string;
  /** Where it is; the path of every call is appended. Without credentials: they belong into `headers`. Required. */
  baseUrl: string;
  /** Sent with every call, its credentials among them; a function is asked at each attempt. Never logged. */
  headers?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
  /** The ids of the current request as headers, asked at each attempt: `outgoingHeaders` of this package. */
  outgoingHeaders?: () => Readonly<Record<string, string>>;
  /** Who is asking, for the lines: `getContext` of this package. */
  context?: GetContext;
  /**
   * Milliseconds that one attempt may take, with its body.
   * @default 10000
   */
  timeoutMs?: number;
  /**
   * Milliseconds that a call may take in all: waiting for its turn, attempts and the pauses between them.
   * @default 30000
   */
  totalTimeoutMs?: number;
  /**
   * Attempts after the first, where that is safe: methods that are idempotent (RFC 9110 §9.2.2), calls with an
   * `idempotencyKey`, and any call whose connection was never made.
   * @default 2
   */
  retries?: number;
  /**
   * Milliseconds before the first retry; doubled for each that follows, half of it left to chance.
   * @default 200
   */
  retryDelayMs?: number;
  /**
   * Milliseconds that a pause takes at most. A service that asks for more with `Retry-After` is not asked again.
   * @default 5000
   */
  maxRetryDelayMs?: number;
  /**
   * Retries that all calls together may make, as a share of the calls, beside ten in stock; 0 makes none.
   * @default 0.2
   */
  retryRatio?: number;
  /**
   * Attempts under way at the same time.
   * @default 50
   */
  maxConcurrent?: number;
  /**
   * Calls that wait for their turn beyond that; the next one fails at once with `ERR_SERVICE_BUSY`.
   * @default 50
   */
  maxQueued?: number;
  /**
   * Share of failed attempts from which on the circuit opens. What the service refuses (4xx) is no failure, its 429 is one.
   * @default 0.5
   */
  breakerFailureRatio?: number;
  /**
   * Attempts within `breakerWindowMs` that there must be before the circuit opens.
   * @default 5
   */
  breakerMinCalls?: number;
  /**
   * Milliseconds that the share is taken of.
   * @default 10000
   */
  breakerWindowMs?: number;
  /**
   * Milliseconds for which an open circuit refuses; then one call tries.
   * @default 10000
   */
  breakerOpenMs?: number;
  /**
   * Bytes of an answer, unpacked, at most.
   * @default 1048576
   */
  maxResponseBytes?: number;
  /**
   * Who is asked with the same call when this service gives no answer: another client, or an adapter of your own.
   * @default nobody
   */
  fallback?: Fallback;
  /**
   * Constant text that our own clients get, with 503, for every failure of this service, e.g. `LLM service unavailable`.
   * @default the status and generic text of each kind
   */
  unavailableMessage?: string;
  /**
   * Name of the histogram of attempts, labels `service` and `operation`.
   * @default 'external_request_duration_seconds'
   */
  durationMetric?: string;
  /**
   * Name of the counter of attempts that failed, labels `service` and `code`.
   * @default 'external_request_errors_total'
   */
  errorsMetric?: string;
  /**
   * Told of calls that failed, of retries at `debug`, and once when the circuit opens and when it closes.
   * @default no logger
   */
  logger?: Logger;
  /**
   * Where the metrics are shown, from the start.
   * @default nowhere
   */
  registry?: Registry;
  /** Closes the client when it is aborted, as `close()` does. */
  signal?: AbortSignal;
  /**
   * Milliseconds of a clock that never goes back, for the circuit.
   * @default `performance.now`
   */
  now?: () => number;
}

export const SERVICE_CLIENT_DEFAULTS = Object.freeze({
  timeoutMs: 10_000,
  totalTimeoutMs: 30_000,
  retries: 2,
  retryDelayMs: 200,
  maxRetryDelayMs: 5000,
  retryRatio: 0.2,
  maxConcurrent: 50,
  maxQueued: 50,
  breakerFailureRatio: 0.5,
  breakerMinCalls: 5,
  breakerWindowMs: 10_000,
  breakerOpenMs: 10_000,
  maxResponseBytes: 1_048_576,
  durationMetric: 'external_request_duration_seconds',
  errorsMetric: 'external_request_errors_total',
  logger: SILENT_LOGGER,
  now: () => performance.now(),
});

export type ServiceClientSettings = Resolved<ServiceClientOptions, typeof SERVICE_CLIENT_DEFAULTS>;
