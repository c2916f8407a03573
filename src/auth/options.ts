import type { Registry } from 'prom-client';
import { hasMethods, isFunction, isInteger, isLogger, isObject, isRegistry, isText } from '../core/checks.js';
import { SILENT_LOGGER, type Logger } from '../core/logger.js';
import { requireOption, resolveOptions, type OptionCheck, type Resolved } from '../core/options.js';
import type { Principal } from '../core/principal.js';
import type { RefreshTokenStore } from './refresh-token-store.js';

export interface TokenIssuerOptions {
  /** Signs access tokens with HS256: at least 32 bytes (RFC 7518 section 3.2), e.g. of `openssl rand -base64 32`. Required. */
  secret: string;
  /** The secret before the last rotation: tokens that it signed stay valid until they expire. */
  previousSecret?: string;
  /**
   * Seconds for which an access token is valid.
   * @default 604800
   */
  lifetimeSeconds?: number;
  /** Says and demands who issued the tokens; neither said nor asked for when left out. */
  issuer?: string;
  /** Says and demands whom the tokens are for; neither said nor asked for when left out. */
  audience?: string;
  /**
   * Seconds by which the clocks of issuer and verifier may differ, from 0 to 60: a token is good for so much longer.
   * @default 0
   */
  leewaySeconds?: number;
  /** Refresh tokens beside the access tokens; none when left out. */
  refresh?: RefreshOptions;
  /** Where `refresh_tokens_total{result="rotated|reused|expired|invalid"}` is counted; nowhere when left out. */
  registry?: Registry;
  /**
   * Gets a warning when a refresh token was used twice.
   * @default silent
   */
  logger?: Logger;
  /**
   * Milliseconds since 1970; for tests.
   * @default the clock of `Date.now`
   */
  now?: () => number;
}

export interface RefreshOptions {
  /** Signs refresh tokens; another one than that of the access tokens. Required. */
  secret: string;
  /** The secret before the last rotation. */
  previousSecret?: string;
  /** Remembers which tokens were used. Required. */
  store: RefreshTokenStore;
  /**
   * Seconds for which a refresh token is valid.
   * @default 2592000
   */
  lifetimeSeconds?: number;
  /**
   * Told when a refresh token was used a second time and all of its family were ended: for the audit log.
   * @default nobody is told
   */
  onReuse?: (principal: Principal) => void | Promise<void>;
}

export const TOKEN_ISSUER_DEFAULTS = Object.freeze({
  lifetimeSeconds: 604_800,
  leewaySeconds: 0,
  logger: SILENT_LOGGER,
  now: (): number => Date.now(),
});

export const REFRESH_DEFAULTS = Object.freeze({
  lifetimeSeconds: 2_592_000,
  onReuse: (): void => undefined,
});

export type RefreshSettings = Resolved<RefreshOptions, typeof REFRESH_DEFAULTS>;
export type TokenIssuerSettings = Omit<Resolved<TokenIssuerOptions, typeof TOKEN_ISSUER_DEFAULTS>, 'refresh'> & {
  readonly refresh: RefreshSettings | undefined;
};

const MIN_SECRET_BYTES = 32;
const CENTURY_SECONDS = 3_155_760_000;

const isSecret: OptionCheck = (value) =>
  isText(value) ??
  (Buffer.byteLength(value as string) < MIN_SECRET_BYTES
    ? `must have at least ${MIN_SECRET_BYTES} bytes: openssl rand -base64 32 makes one`
    : undefined);

const TOKEN_ISSUER_CHECKS = {
  secret: isSecret,
  previousSecret: isSecret,
  lifetimeSeconds: isInteger(1, CENTURY_SECONDS),
  issuer: isText,
  audience: isText,
  leewaySeconds: isInteger(0, 60),
  refresh: isObject,
  registry: isRegistry,
  logger: isLogger,
  now: isFunction,
};

export function resolveTokenIssuerOptions(options: TokenIssuerOptions): TokenIssuerSettings {
  const settings = resolveOptions('createTokenIssuer', options, TOKEN_ISSUER_DEFAULTS, TOKEN_ISSUER_CHECKS);
  requireOption('createTokenIssuer', 'secret', settings.secret, 'openssl rand -base64 32 makes one');
  const { refresh } = settings;
  return { ...settings, refresh: refresh === undefined ? undefined : resolveRefreshOptions(refresh, settings.secret) };
}

function resolveRefreshOptions(options: RefreshOptions, accessSecret: string): RefreshSettings {
  const scope = 'createTokenIssuer.refresh';
  const isOtherSecret: OptionCheck = (value) =>
    isSecret(value) ?? (value === accessSecret ? 'must be another one than that of the access tokens' : undefined);
  const settings = resolveOptions(scope, options, REFRESH_DEFAULTS, {
    secret: isOtherSecret,
    previousSecret: isSecret,
    store: hasMethods('begin', 'rotate', 'end'),
    lifetimeSeconds: isInteger(1, CENTURY_SECONDS),
    onReuse: isFunction,
  });
  requireOption(scope, 'secret', settings.secret, 'openssl rand -base64 32 makes one');
  requireOption(scope, 'store', settings.store, 'it remembers which tokens were used, e.g. in a table');
  return settings;
}
