/**
 * Why a call to another service gave no answer; `docs/errors.md` says for each what to do.
 * @useDeclaredType
 */
export type ServiceErrorCode = keyof typeof KINDS;

interface Kind {
  readonly statusCode: number;
  /** `false` for what only a change of this program or its settings can mend. */
  readonly isOperational: boolean;
}

const KINDS = Object.freeze({
  ERR_SERVICE_REJECTED: { statusCode: 500, isOperational: false },
  ERR_SERVICE_OVERLOADED: { statusCode: 503, isOperational: true },
  ERR_SERVICE_FAILED: { statusCode: 502, isOperational: true },
  ERR_SERVICE_UNREACHABLE: { statusCode: 502, isOperational: true },
  ERR_SERVICE_TIMEOUT: { statusCode: 504, isOperational: true },
  ERR_SERVICE_ANSWER_INVALID: { statusCode: 502, isOperational: true },
  ERR_SERVICE_ANSWER_TOO_LARGE: { statusCode: 502, isOperational: true },
  ERR_SERVICE_OPEN: { statusCode: 503, isOperational: true },
  ERR_SERVICE_BUSY: { statusCode: 503, isOperational: true },
  ERR_SERVICE_CLOSED: { statusCode: 503, isOperational: true },
} satisfies Record<string, Kind>);

export interface ServiceErrorFacts {
  /** The `name` of the client. */
  readonly service: string;
  /** For the log: what went wrong. */
  readonly detail: string;
  /** What the service answered, when it did. */
  readonly upstreamStatus?: number;
  /** Milliseconds after which another call may succeed. */
  readonly retryAfterMs?: number;
  /** What our own client is told in place of the generic text of the status, with 503. */
  readonly unavailableMessage?: string;
  readonly cause?: unknown;
}

/**
 * A call to another service that gave no usable answer. It has the shape of an `AppError`, so that `errorHandler()` answers it:
 * a 4xx of the service is a mistake of ours (500), its 5xx and a broken connection are 502, a time-out 504, an open circuit, a
 * full queue and its 429 are 503; all of them 503 with one text where the client has an `unavailableMessage`. The body of the
 * service is never part of it, only its size and hash.
 *
 * Recognise it by `code`, which survives duplicate installs of this package, not by `instanceof`.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** What our own client gets. */
  readonly statusCode: number;
  readonly isOperational: boolean;
  /** Whether our own client sees the message. */
  readonly expose: boolean;
  /** `Retry-After`, with a 503 whose end is known. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** The `name` of the client. */
  readonly service: string;
  /** What the service answered, when it did. */
  readonly upstreamStatus: number | undefined;
  /** How often the service was asked. */
  attempts = 0;

  constructor(
    readonly code: ServiceErrorCode,
    { service, detail, upstreamStatus, retryAfterMs, unavailableMessage, cause }: ServiceErrorFacts,
  ) {
    const text = `${service}: ${detail}`;
    super(unavailableMessage ?? text, {
      cause: unavailableMessage === undefined ? cause : new Error(text, { cause }),
    });
    const kind: Kind = unavailableMessage === undefined ? KINDS[code] : KINDS.ERR_SERVICE_OPEN;
    this.statusCode = kind.statusCode;
    this.isOperational = kind.isOperational;
    this.expose = unavailableMessage !== undefined;
    this.service = service;
    this.upstreamStatus = upstreamStatus;
    this.headers =
      kind.statusCode === 503 && retryAfterMs !== undefined
        ? { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) }
        : undefined;
  }
}
