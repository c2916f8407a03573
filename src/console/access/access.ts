import type { IncomingMessage } from 'node:http';
import { accessTest, type Refused } from '../../core/access.js';
import { sessionCookie } from './session-cookie.js';

interface AccessSettings {
  readonly tokens: readonly string[] | undefined;
  readonly networks?: readonly string[] | undefined;
  readonly now: () => number;
}

/** Who may look, and how a browser stays signed in. */
export interface Access {
  refusedBy(req: IncomingMessage): Refused | undefined;
  /** Whether a cookie let the caller in. */
  isSession(req: IncomingMessage): boolean;
  /** `Set-Cookie` for a caller who sent the token itself; nothing where there is no token to be sent. */
  signedIn(req: IncomingMessage): string | undefined;
  signedOut(req: IncomingMessage): string | undefined;
}

export function createAccess({ tokens, networks, now }: AccessSettings): Access {
  const fromOutside = accessTest({ networks });
  const withoutToken = accessTest({ tokens });
  const cookie = tokens === undefined ? undefined : sessionCookie(tokens, now);
  const isSession = (req: IncomingMessage): boolean => cookie?.isValid(req) ?? false;

  return {
    // The network first: to somebody who may not ask at all, a token is nothing to be tried.
    refusedBy: (req) => fromOutside(req) ?? (isSession(req) ? undefined : withoutToken(req)),
    isSession,
    signedIn: (req) => (withoutToken(req) === undefined ? cookie?.issued(req) : undefined),
    signedOut: (req) => cookie?.cleared(req),
  };
}
