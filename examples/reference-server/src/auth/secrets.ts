import { randomBytes } from 'node:crypto';
import { EnvironmentError, type Config, type Logger } from 'express-runbook';

export interface AuthSecrets {
  readonly access: string;
  readonly accessPrevious: string | undefined;
  readonly refresh: string;
  readonly refreshPrevious: string | undefined;
}

// RFC 7518 section 3.2: HS256 needs a key of 256 bits.
const MIN_BYTES = 32;

/** From the configuration; outside of production one that is missing or too short is made up for this run, and said so. */
export function authSecrets({ auth }: Config, logger: Logger): AuthSecrets {
  return {
    access: current('JWT_SECRET', auth.jwtSecret, logger),
    accessPrevious: previous('JWT_SECRET_PREVIOUS', auth.jwtSecretPrevious, logger),
    refresh: current('REFRESH_TOKEN_SECRET', otherThan(auth.refreshTokenSecret, auth.jwtSecret), logger),
    refreshPrevious: previous('REFRESH_TOKEN_SECRET_PREVIOUS', auth.refreshTokenSecretPrevious, logger),
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

function current(variable: string, value: string | undefined, logger: Logger): string {
  if (isLongEnough(value)) return value;
  logger.warn({ variable }, 'Secret is not set or too short: one was made up, tokens end with this process');
  return randomBytes(MIN_BYTES).toString('base64');
}

function previous(variable: string, value: string | undefined, logger: Logger): string | undefined {
  if (value === undefined || isLongEnough(value)) return value;
  logger.warn({ variable }, 'Previous secret is too short: what it signed is not accepted');
  return undefined;
}

/** Production refuses one secret for both; elsewhere it counts as none. */
function otherThan(value: string | undefined, other: string | undefined): string | undefined {
  return value === other ? undefined : value;
}

function isLongEnough(value: string | undefined): value is string {
  return value !== undefined && Buffer.byteLength(value) >= MIN_BYTES;
}
