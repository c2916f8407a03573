import type { IncomingMessage } from 'node:http';

/** What no token or key of ours is longer than: more is not looked at. */
export const MAX_CREDENTIAL_LENGTH = 8192;

// RFC 6750 section 2.1, with the scheme as the runbooks write it.
const BEARER = /^Bearer ([\w.~+/-]+=*)$/;

/**
 * The one credential of a request: of `Authorization: Bearer` or of `X-API-Key`. Nothing when there is none, when it cannot be
 * one, or when there are several: which of them counts would be for an attacker to choose.
 */
export function credentialOf(req: IncomingMessage): string | undefined {
  const { authorization, 'x-api-key': apiKey } = req.headers;
  if (authorization === undefined)
    return typeof apiKey === 'string' && /^[\w.~+/-]+=*$/.test(apiKey) ? apiKey : undefined;
  if (apiKey !== undefined || isRepeated(req)) return undefined;
  return BEARER.exec(authorization)?.[1];
}

/** Of several Authorization headers Node keeps the first in silence (https://nodejs.org/api/http.html#messageheaders). */
function isRepeated({ rawHeaders }: IncomingMessage): boolean {
  let seen = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'authorization') seen++;
  }
  return seen > 1;
}
