import { refusal } from '../core/refusal.js';

export function tooManyRequests(retryAfterSeconds: number): Error {
  return over('TooManyRequestsError', 'ERR_TOO_MANY_REQUESTS', 'Too many requests', retryAfterSeconds);
}

export function quotaExceeded(retryAfterSeconds: number): Error {
  return over('QuotaExceededError', 'ERR_QUOTA_EXCEEDED', 'Quota exceeded', retryAfterSeconds);
}

function over(name: string, code: string, message: string, retryAfterSeconds: number): Error {
  return refusal({ name, statusCode: 429, code, message, headers: { 'Retry-After': String(retryAfterSeconds) } });
}

export function unavailable(code: string, message: string, retryAfterSeconds: number): Error {
  const headers = { 'Retry-After': String(retryAfterSeconds) };
  return refusal({ name: 'ServiceUnavailableError', statusCode: 503, code, message, headers });
}
