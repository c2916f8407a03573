import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { digestOf } from '../../core/access.js';
import type { ExpressRequest } from '../../core/middleware.js';

const NAME = 'ops-console';
const LIFETIME_SECONDS = 12 * 3600;

/**
 * For browsers, which send no `Authorization` by themselves: who has shown a token gets a cookie that says until when. It is
 * signed with that token, so every instance knows it, and none does once the token is changed.
 */
export interface SessionCookie {
  isValid(req: IncomingMessage): boolean;
  /** `Set-Cookie` for who has shown a token. */
  issued(req: IncomingMessage): string;
  cleared(req: IncomingMessage): string;
}

export function sessionCookie(tokens: readonly string[], now: () => number): SessionCookie {
  const keys = tokens.map(digestOf);
  const signed = (expiresAt: string, key: Buffer): Buffer =>
    createHmac('sha256', key).update(`express-runbook ops console ${expiresAt}`).digest();

  return {
    isValid(req) {
      const [, expiresAt = '', signature = ''] = COOKIE.exec(req.headers.cookie ?? '') ?? [];
      if (Number(expiresAt) <= now()) return false;
      const given = Buffer.from(signature, 'base64url');
      let isKnown = false;
      for (const key of keys) {
        const expected = signed(expiresAt, key);
        if (given.length === expected.length) isKnown = timingSafeEqual(given, expected) || isKnown;
      }
      return isKnown;
    },
    issued(req) {
      const expiresAt = String(now() + LIFETIME_SECONDS * 1000);
      const [key = Buffer.alloc(0)] = keys;
      return cookie(req, `${expiresAt}.${signed(expiresAt, key).toString('base64url')}`, LIFETIME_SECONDS);
    },
    cleared: (req) => cookie(req, '', 0),
  };
}

const COOKIE = new RegExp(`(?:^|;\\s*)${NAME}=(\\d{1,16})\\.([\\w-]{1,100})(?:;|$)`);

/** Without a path, so that it is the one that the browser sees, whatever a proxy makes of it (RFC 6265 section 5.1.4). */
function cookie(req: ExpressRequest & { secure?: boolean }, value: string, seconds: number): string {
  // A TLSSocket says so of itself.
  const isSecure = req.secure === true || (req.socket as { encrypted?: boolean }).encrypted === true;
  return `${NAME}=${value}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
}
