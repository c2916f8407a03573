import { randomBytes } from 'node:crypto';
import { ConfigError, UnauthorizedError, type Config, type Logger } from 'express-runbook';
import { errors, jwtVerify, SignJWT } from 'jose';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds until the access token expires. */
  readonly expiresIn: number;
}

export interface TokenIssuer {
  issue(userId: string): Promise<Tokens>;
  /** The user of an access token; throws `UnauthorizedError` with the text the runbooks know. */
  userOfAccessToken(token: string): Promise<string>;
  userOfRefreshToken(token: string): Promise<string>;
}

type Use = 'access' | 'refresh';

const ALGORITHM = 'HS256';

export function createTokenIssuer(auth: Config['auth'], secrets: AuthSecrets): TokenIssuer {
  const keys = { access: [secrets.access, ...secrets.accessPrevious], refresh: [secrets.refresh] };

  const sign = (userId: string, use: Use, lifetimeSeconds: number): Promise<string> =>
    new SignJWT({ use })
      .setProtectedHeader({ alg: ALGORITHM })
      .setSubject(userId)
      .setIssuedAt()
      .setExpirationTime(`${String(lifetimeSeconds)}s`)
      .sign(keys[use][0] ?? secrets.access);

  return {
    async issue(userId) {
      return {
        accessToken: await sign(userId, 'access', auth.jwtExpiresInSeconds),
        refreshToken: await sign(userId, 'refresh', auth.refreshTokenExpiresInSeconds),
        expiresIn: auth.jwtExpiresInSeconds,
      };
    },
    userOfAccessToken: (token) => verify(token, keys.access, 'access'),
    userOfRefreshToken: (token) => verify(token, keys.refresh, 'refresh'),
  };
}

/** Tries the current key first, then the previous one, so that a rotated secret does not log everybody out. */
async function verify(token: string, keys: readonly Uint8Array[], use: Use): Promise<string> {
  let failure: unknown;
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: [ALGORITHM], requiredClaims: ['exp', 'sub'] });
      if (payload.sub !== undefined && payload.use === use) return payload.sub;
      throw new UnauthorizedError('Invalid token');
    } catch (error) {
      failure = error;
    }
  }
  throw new UnauthorizedError(failure instanceof errors.JWTExpired ? 'Token expired' : 'Invalid token');
}

export interface AuthSecrets {
  readonly access: Uint8Array;
  readonly accessPrevious: readonly Uint8Array[];
  readonly refresh: Uint8Array;
}

/** From the configuration; outside of production a missing one is made up for this run, and said so. */
export function authSecrets(config: Config, logger: Logger): AuthSecrets {
  const { jwtSecret, jwtSecretPrevious, refreshTokenSecret } = config.auth;
  return {
    access: secret('JWT_SECRET', jwtSecret, config, logger),
    accessPrevious: jwtSecretPrevious === undefined ? [] : [bytes(jwtSecretPrevious)],
    refresh: secret('REFRESH_TOKEN_SECRET', refreshTokenSecret, config, logger),
  };
}

function secret(variable: string, value: string | undefined, config: Config, logger: Logger): Uint8Array {
  if (value !== undefined) return bytes(value);
  if (config.isProduction) {
    throw new ConfigError(
      'ERR_ENVIRONMENT',
      variable,
      'is required in production: make one with `openssl rand -base64 32`',
    );
  }
  logger.warn({ variable }, 'Secret is not set: one was made up, tokens end with this process');
  return randomBytes(32);
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
