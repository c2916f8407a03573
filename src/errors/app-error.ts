import { codeOfStatus } from './codes.js';

export interface AppErrorOptions extends ErrorOptions {
  /** For programs; by default the one that belongs to the status (`docs/errors.md`). */
  code?: string;
  /**
   * Shows the message of a 5xx to the client, where it is usually generic: for constant text that says what is away, such as
   * `LLM service unavailable`. Never for text that an error of another library is part of.
   * @default false
   */
  expose?: boolean;
  /** Sent with the answer; only `Retry-After`, `Allow`, `WWW-Authenticate` and `Connection: close` are. */
  headers?: Readonly<Record<string, string>>;
}

/**
 * An error that knows its HTTP answer. `errorHandler()` shows the message of an operational 4xx to the client; that of a
 * 5xx, unless it is exposed, or of an error that is not operational, goes to the log only.
 *
 * Programs recognise it by `code` or `isAppError()`, which work across duplicate installs; `instanceof` does not.
 */
export class AppError extends Error {
  override readonly name: string;
  /** 400 to 599, and the number that the body shows as `error.code`. */
  readonly statusCode: number;
  /** Stable, e.g. `ERR_NOT_FOUND`. */
  readonly code: string;
  /** `true` for what must be expected while serving, `false` for a mistake in the program. */
  readonly isOperational: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the message of a 5xx is for the client. */
  readonly expose: boolean;

  constructor(statusCode: number, message: string, isOperational = true, options: AppErrorOptions = {}) {
    super(message, options);
    // Of the class that was called: the runbook's setPrototypeOf(this, AppError.prototype) broke both name and instanceof.
    this.name = new.target.name;
    this.statusCode = statusCode;
    this.code = options.code ?? codeOfStatus(statusCode);
    this.isOperational = isOperational;
    this.headers = options.headers;
    this.expose = options.expose ?? (isOperational && statusCode < 500);
  }
}

/** 400: what the client sent does not fit. */
export class ValidationError extends AppError {
  constructor(message: string, options?: AppErrorOptions) {
    super(400, message, true, options);
  }
}

/**
 * 401: who is asking is not known. Sends `WWW-Authenticate: Bearer` unless told otherwise, as a 401 must name its scheme
 * (RFC 9110 §15.5.2).
 */
export class UnauthorizedError extends AppError {
  constructor(message = 'Unauthorized', options?: AppErrorOptions) {
    super(401, message, true, { headers: { 'WWW-Authenticate': 'Bearer' }, ...options });
  }
}

/** 403: who is asking is known, and may not. */
export class ForbiddenError extends AppError {
  constructor(message = 'Forbidden', options?: AppErrorOptions) {
    super(403, message, true, options);
  }
}

/** 404, with the text `<resource> not found`. */
export class NotFoundError extends AppError {
  constructor(resource: string, options?: AppErrorOptions) {
    super(404, `${resource} not found`, true, options);
  }
}

/** 405: the resource is there, but not for this method; `Allow` names those it has (RFC 9110 §15.5.6). */
export class MethodNotAllowedError extends AppError {
  constructor(allowed: readonly string[], options?: AppErrorOptions) {
    super(405, 'Method not allowed', true, { headers: { Allow: allowed.join(', ') }, ...options });
  }
}

/** 413: more than the service takes. The connection is closed, so that the rest need not be read (RFC 9110 §15.5.14). */
export class PayloadTooLargeError extends AppError {
  constructor(message = 'Payload too large', options?: AppErrorOptions) {
    super(413, message, true, { headers: { Connection: 'close' }, ...options });
  }
}

/** 409: it exists already, or was changed in the meantime. */
export class ConflictError extends AppError {
  constructor(message: string, options?: AppErrorOptions) {
    super(409, message, true, options);
  }
}

/** 429: too often. Say `headers: { 'Retry-After': '30' }` where you know when to come again. */
export class TooManyRequestsError extends AppError {
  constructor(message = 'Too many requests', options?: AppErrorOptions) {
    super(429, message, true, options);
  }
}

/** 500: a mistake in the program. The message is for the log; the client never sees it. */
export class InternalServerError extends AppError {
  constructor(message = 'Internal server error', options?: AppErrorOptions) {
    super(500, message, false, options);
  }
}
