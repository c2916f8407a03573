/** The code of an `AppError` by its status; `docs/errors.md` says for each what it means and what to do. */
export const APP_ERROR_CODES: Readonly<Record<number, string>> = Object.freeze({
  400: 'ERR_VALIDATION',
  401: 'ERR_UNAUTHORIZED',
  403: 'ERR_FORBIDDEN',
  404: 'ERR_NOT_FOUND',
  405: 'ERR_METHOD_NOT_ALLOWED',
  409: 'ERR_CONFLICT',
  413: 'ERR_PAYLOAD_TOO_LARGE',
  429: 'ERR_TOO_MANY_REQUESTS',
  500: 'ERR_INTERNAL',
  502: 'ERR_BAD_GATEWAY',
  503: 'ERR_SERVICE_UNAVAILABLE',
  504: 'ERR_GATEWAY_TIMEOUT',
});

export function codeOfStatus(statusCode: number): string {
  return APP_ERROR_CODES[statusCode] ?? `ERR_HTTP_${String(statusCode)}`;
}
