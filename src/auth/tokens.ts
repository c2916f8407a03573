import type { Principal } from '../core/principal.js';

/** What somebody who logged in is given. */
export interface Tokens {
  readonly accessToken: string;
  /** There when the issuer was made with `refresh`. Good once: what it is traded for has the next one. */
  readonly refreshToken?: string;
  /** Seconds until the access token expires. */
  readonly expiresIn: number;
}

export interface RefreshedTokens {
  readonly principal: Principal;
  readonly tokens: Tokens;
}
