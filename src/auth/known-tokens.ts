import type { CredentialProblem, Principal } from '../core/principal.js';
import type { RefreshSettings, TokenIssuerSettings } from './options.js';
import { principalIn, signedTokens } from './signed-tokens.js';

/** What a refresh token tells of itself. */
export interface KnownToken {
  readonly id: string;
  readonly familyId: string;
  readonly principal: Principal;
}

interface KnownTokens {
  readonly tokenOf: (known: KnownToken) => Promise<string>;
  readonly knownBy: (token: string) => Promise<KnownToken | CredentialProblem>;
}

/** Refresh tokens as text and back. */
export function knownTokens(
  { issuer, audience, leewaySeconds, now }: TokenIssuerSettings,
  refresh: RefreshSettings,
): KnownTokens {
  const signed = signedTokens({ ...refresh, use: 'refresh', issuer, audience, leewaySeconds, now });
  return {
    tokenOf: ({ id, familyId, principal }) => signed.sign(principal, { jti: id, family: familyId }),
    async knownBy(token) {
      const claims = await signed.verify(token);
      if (typeof claims === 'string') return claims;
      const { jti: id, family: familyId } = claims;
      // Signed by us, yet from before there were families: it can be traded for nothing.
      return typeof id === 'string' && typeof familyId === 'string'
        ? { id, familyId, principal: principalIn(claims) }
        : 'invalid';
    },
  };
}
