/** Has the shape of an `AppError`, so that `errorHandler()` renders it, text included, and what Express' own handler reads. */
export function unavailable(code: string, message: string, retryAfterSeconds: number): Error {
  return Object.assign(new Error(message), {
    name: 'ServiceUnavailableError',
    statusCode: 503,
    code,
    isOperational: true,
    expose: true,
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });
}
