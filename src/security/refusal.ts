import { refusal } from '../core/refusal.js';

export function tooManyRequests(retryAfterSeconds: number): Error {
  return refusal({
    name: 'TooManyRequestsError',
    statusCode: 429,
    code: 'ERR_TOO_MANY_REQUESTS',
    message: 'Too many requests',
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });
}

export function unavailable(code: string, message: string, retryAfterSeconds: number): Error {
  const headers = { 'Retry-After': String(retryAfterSeconds) };
  return refusal({ name: 'ServiceUnavailableError', statusCode: 503, code, message, headers });
}
