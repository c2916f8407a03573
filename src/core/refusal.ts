interface RefusalSpec {
  readonly name: string;
  readonly statusCode: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Has the shape of an `AppError`, so that `errorHandler()` renders it, text included, and what Express' own handler reads. */
export function refusal({ name, statusCode, code, message, headers = {} }: RefusalSpec, cause?: unknown): Error {
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), {
    name,
    statusCode,
    code,
    isOperational: true,
    expose: true,
    headers,
  });
}

/** 401: `challenge` is what `WWW-Authenticate` says (RFC 6750 section 3). */
export function unauthorized(message: string, challenge = 'Bearer'): Error {
  return refusal({
    name: 'UnauthorizedError',
    statusCode: 401,
    code: 'ERR_UNAUTHORIZED',
    message,
    headers: { 'WWW-Authenticate': challenge },
  });
}

export function forbidden(message: string): Error {
  return refusal({ name: 'ForbiddenError', statusCode: 403, code: 'ERR_FORBIDDEN', message });
}
