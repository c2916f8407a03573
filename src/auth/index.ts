export { createTokenIssuer, type TokenIssuer } from './token-issuer.js';
export type { RefreshedTokens, Tokens } from './tokens.js';
export { REFRESH_DEFAULTS, TOKEN_ISSUER_DEFAULTS, type RefreshOptions, type TokenIssuerOptions } from './options.js';
export type { RefreshTokenRecord, RefreshTokenStore, RotationOutcome } from './refresh-token-store.js';
