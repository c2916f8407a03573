import type { IncomingMessage } from 'node:http';

/** Sent by the page with what changes something. */
const HEADER = 'x-ops-console';

/**
 * Whether a request that changes something comes from the page itself and not from another site in the same browser. Browsers
 * say so in `Sec-Fetch-Site` (https://www.w3.org/TR/fetch-metadata/), older ones in `Origin`. The header of our own is one
 * that another site cannot send without a preflight, which nobody answers here (OWASP CSRF Prevention, custom request headers).
 */
export function isFromPage(req: IncomingMessage): boolean {
  if (req.headers[HEADER] === undefined) return false;
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = req.headers;
  // No browser: a person at a terminal, with the header and whatever else is demanded.
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
