import type { Authenticator, Principal } from '../core/principal.js';
import { resolveTokenIssuerOptions, type TokenIssuerOptions } from './options.js';
import { refreshTokens } from './refresh-tokens.js';
import { principalIn, signedTokens } from './signed-tokens.js';
import type { RefreshedTokens, Tokens } from './tokens.js';

export interface TokenIssuer {
  /** For somebody who has just logged in. `userId` becomes the token's `sub`, `clientId` its `client_id`. */
  issue(principal: Principal & { readonly userId: string }): Promise<Tokens>;
  /**
   * Trades a refresh token for new tokens. Throws a 401 `Token expired` or `Invalid token` as an error for `errorHandler()`. One that
   * was traded before is in two hands: its whole family ends, so that the thief and the owner both have to log in.
   */
  refresh(refreshToken: string): Promise<RefreshedTokens>;
  /** Ends all tokens that follow from the login of this refresh token: for logging out. A token that is not good ends nothing. */
  end(refreshToken: string): Promise<void>;
  /** For `bearerAuth()`: access tokens. */
  readonly authenticator: Authenticator;
}

/**
 * Issues JSON Web Tokens (RFC 7519), signed with HS256 and verified with nothing else, by the current and the previous secret.
 * Tokens of more than 8192 characters are not looked at; `kid` and every other hint of a token's header is ignored.
 *
 * An access token cannot be taken back before it expires: keep its lifetime short where that matters.
 *
 * @example
 * const tokens = createTokenIssuer({ secret: config.auth.jwtSecret, refresh: { secret: config.auth.refreshTokenSecret, store } });
 * const auth = bearerAuth({ authenticators: [tokens.authenticator] });
 */
export function createTokenIssuer(options: TokenIssuerOptions): TokenIssuer {
  const settings = resolveTokenIssuerOptions(options);
  const access = signedTokens({ ...settings, use: 'access' });
  const refreshing = refreshTokens(settings);
  const { lifetimeSeconds: expiresIn } = settings;

  const withAccess = async (principal: Principal, refreshToken: string | undefined): Promise<Tokens> => ({
    accessToken: await access.sign(principal),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    expiresIn,
  });

  return {
    async issue(principal) {
      return withAccess(principal, await refreshing?.begin(principal));
    },
    async refresh(refreshToken) {
      if (refreshing === undefined) throw new Error('this token issuer was made without refresh tokens');
      const { principal, next } = await refreshing.trade(refreshToken);
      return { principal, tokens: await withAccess(principal, next) };
    },
    async end(refreshToken) {
      await refreshing?.end(refreshToken);
    },
    authenticator: {
      // Three parts, as every signed token has (RFC 7515 section 7.1). What has two or five is for nobody.
      recognises: (credential) => credential.split('.', 4).length === 3,
      async authenticate(credential) {
        const claims = await access.verify(credential);
        return typeof claims === 'string' ? claims : principalIn(claims);
      },
    },
  };
}
