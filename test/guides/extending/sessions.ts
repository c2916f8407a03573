import { createHash } from 'node:crypto';
import type { Authenticator } from 'express-runbook';

interface Session {
  readonly userId: string;
  readonly expiresAt: Date;
}

/** Sessions of a site, beside tokens and API keys: `bearerAuth({ authenticators: [sessions, apiKeys.authenticator] })`. */
export function sessionAuthenticator(find: (digest: string) => Promise<Session | undefined>): Authenticator {
  return {
    recognises: (credential) => credential.startsWith('sess_'),
    async authenticate(credential) {
      const session = await find(createHash('sha256').update(credential).digest('hex'));
      if (session === undefined) return 'invalid';
      return session.expiresAt.getTime() <= Date.now() ? 'expired' : { userId: session.userId };
    },
  };
}
