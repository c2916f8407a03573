import { bearerAuth, createApiKeys, ForbiddenError, principalOf, type ApiKeys, type Ops } from 'express-runbook';
import { createTokenIssuer, type TokenIssuer } from 'express-runbook/auth';
import type { Request, RequestHandler } from 'express';
import type { Pool } from 'pg';
import { apiKeyStore } from '../api-keys/store.js';
import type { Audit } from '../audit/audit.js';
import { refreshTokenStore } from './refresh-token-store.js';
import type { AuthSecrets } from './secrets.js';

/** Who may call, and the two doors: for people with a token, and for programs with a key as well. */
export interface Callers {
  readonly tokens: TokenIssuer;
  readonly apiKeys: ApiKeys;
  readonly anyCaller: RequestHandler;
  /** Managing keys is for people: a key that leaked must not make others. */
  readonly peopleOnly: RequestHandler;
}

export function createCallers(
  pool: Pool,
  { config, logger, metrics }: Ops,
  audit: Audit,
  secrets: AuthSecrets,
): Callers {
  const { registry } = metrics;
  const tokens = createTokenIssuer({
    secret: secrets.access,
    previousSecret: secrets.accessPrevious,
    lifetimeSeconds: config.auth.jwtExpiresInSeconds,
    refresh: {
      secret: secrets.refresh,
      previousSecret: secrets.refreshPrevious,
      store: refreshTokenStore(pool),
      lifetimeSeconds: config.auth.refreshTokenExpiresInSeconds,
      onReuse: async ({ userId = '' }) => {
        const target = { type: 'user', id: userId };
        await audit.changes.run({ action: 'auth.refresh_reused', target }, () => Promise.resolve());
      },
    },
    registry,
    logger,
  });
  const apiKeys = createApiKeys({ store: apiKeyStore(pool), logger });
  return {
    tokens,
    apiKeys,
    anyCaller: bearerAuth({ authenticators: [apiKeys.authenticator, tokens.authenticator], registry }),
    peopleOnly: bearerAuth({ authenticators: [tokens.authenticator], registry }),
  };
}

/** Whose data a request is about: a key acts for the user who made it. */
export function userIdOf(req: Request): string {
  const { userId } = principalOf(req);
  if (userId === undefined) throw new ForbiddenError();
  return userId;
}
