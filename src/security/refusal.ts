interface RefusalSpec {
  readonly name: string;
  readonly statusCode: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds: number;
}

/** Has the shape of an `AppError`, so that `errorHandler()` renders it, text included, and what Express' own handler reads. */
function refusal({ name, statusCode, code, message, retryAfterSeconds }: RefusalSpec): Error {
  return Object.assign(new Error(message), {
    name,
    statusCode,
    code,
    isOperational: true,
    expose: true,
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });
}

export function tooManyRequests(retryAfterSeconds: number): Error {
  return refusal({
    name: 'TooManyRequestsError',
    statusCode: 429,
    code: 'ERR_TOO_MANY_REQUESTS',
    message: 'Too many requests',
    retryAfterSeconds,
  });
}

export function quotaExceeded(retryAfterSeconds: number): Error {
  return refusal({
    name: 'QuotaExceededError',
    statusCode: 429,
    code: 'ERR_QUOTA_EXCEEDED',
    message: 'Quota exceeded',
    retryAfterSeconds,
  });
}

export function unavailable(code: string, message: string, retryAfterSeconds: number): Error {
  return refusal({ name: 'ServiceUnavailableError', statusCode: 503, code, message, retryAfterSeconds });
}
