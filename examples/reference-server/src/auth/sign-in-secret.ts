import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';

const COOKIE = 'google_sign_in';
const SIGN_IN_WITHIN_MS = 10 * 60_000;

/** A new secret, known to this browser alone. */
export function beginSignIn(req: Request, res: Response): string {
  const secret = randomBytes(32).toString('base64url');
  setCookie(req, res, secret, SIGN_IN_WITHIN_MS);
  return secret;
}

/** The secret of the sign-in that this browser began; it is good once. */
export function endSignIn(req: Request, res: Response): string | undefined {
  const { cookie = '' } = req.headers;
  setCookie(req, res, '', 0);
  return new RegExp(`(?:^|; )${COOKIE}=([\\w-]{43})(?:;|$)`).exec(cookie)?.[1];
}

/** One secret in the browser; what others see of it cannot be turned back. */
export function derived(secret: string, purpose: 'state' | 'nonce' | 'verifier'): string {
  return createHash('sha256').update(`${purpose} ${secret}`).digest('base64url');
}

export function isSame(given: string, expected: string): boolean {
  const [one, other] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

function setCookie(req: Request, res: Response, value: string, maxAge: number): void {
  const path = `${req.baseUrl}/google`;
  // `lax`: the way back is a navigation from Google's page, which `strict` would send without it.
  res.cookie(COOKIE, value, { httpOnly: true, sameSite: 'lax', secure: req.secure, path, maxAge });
}
