/** Has the shape of an `AppError`, so that `errorHandler()` renders it, and what Express' own handler reads. */
export function tooManyRequests(retryAfterSeconds: number): Error {
  return Object.assign(new Error('Too many requests'), {
    name: 'TooManyRequestsError',
    statusCode: 429,
    code: 'ERR_TOO_MANY_REQUESTS',
    isOperational: true,
    expose: true,
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });
}
