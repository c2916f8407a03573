import { LIMITS } from './limits.js';

/** A URL as long as a line shows it. Cut after redaction, never before: half a secret is not known as one. */
export function shortUrl(url: string): string {
  return url.length > LIMITS.urlLength ? `${url.slice(0, LIMITS.urlLength)}...` : url;
}
