import { randomBytes } from 'node:crypto';
import { EnvironmentError, UnauthorizedError, type Config, type Logger } from 'express-runbook';
import { errors, jwtVerify, SignJWT } from 'jose';

interface Tokens {
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
  for (const key of keys) {
    const outcome = await verifyWith(token, key, use);
    if (outcome.userId !== undefined) return outcome.userId;
    // Signed by this key, so no other one can do better.
    if (outcome.isExpired) throw new UnauthorizedError('Token expired');
  }
  throw new UnauthorizedError('Invalid token');
}

async function verifyWith(token: string, key: Uint8Array, use: Use): Promise<{ userId?: string; isExpired: boolean }> {
  try {
    const { payload } = await jwtVerify(token, key, { algorithms: [ALGORITHM], requiredClaims: ['exp', 'sub'] });
    return payload.sub !== undefined && payload.use === use
      ? { userId: payload.sub, isExpired: false }
      : { isExpired: false };
  } catch (error) {
    // Anything else that jose refuses is an invalid token, and nothing more is to be told.
    return { isExpired: error instanceof errors.JWTExpired };
  }
}

export interface AuthSecrets {
  readonly access: Uint8Array;
  readonly accessPrevious: readonly Uint8Array[];
  readonly refresh: Uint8Array;
}

/** From the configuration; outside of production a missing one is made up for this run, and said so. */
export function authSecrets({ auth }: Config, logger: Logger): AuthSecrets {
  const { jwtSecret, jwtSecretPrevious, refreshTokenSecret } = auth;
  return {
    access: secret('JWT_SECRET', jwtSecret, logger),
    accessPrevious: jwtSecretPrevious === undefined ? [] : [bytes(jwtSecretPrevious)],
    refresh: secret('REFRESH_TOKEN_SECRET', refreshTokenSecret, logger),
  };
}

/** Refuses to serve in production without secrets: tokens must outlive the process there. Names all that are missing. */
export function demandSecrets({ auth, isProduction }: Config): void {
  if (!isProduction) return;
  const given = { JWT_SECRET: auth.jwtSecret, REFRESH_TOKEN_SECRET: auth.refreshTokenSecret };
  const missing = Object.entries(given).filter(([, value]) => value === undefined);
  if (missing.length === 0) return;
  const problem = 'is required in production: make one with `openssl rand -base64 32`';
  throw new EnvironmentError(missing.map(([variable]) => ({ variable, problem })));
}

function secret(variable: string, value: string | undefined, logger: Logger): Uint8Array {
  if (value !== undefined) return bytes(value);
  logger.warn({ variable }, 'Secret is not set: one was made up, tokens end with this process');
  return randomBytes(32);
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
