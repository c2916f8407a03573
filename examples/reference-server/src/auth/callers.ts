import {
  bearerAuth,
  createApiKeys,
  ForbiddenError,
  principalOf,
  type ApiKeys,
  type Authenticator,
  type Ops,
  type RedisCommands,
} from 'express-runbook';
import { createTokenIssuer, type TokenIssuer } from 'express-runbook/auth';
import type { Request, RequestHandler } from 'express';
import type { Pool } from 'pg';
import { apiKeyStore } from '../api-keys/store.js';
import type { Audit } from '../audit/audit.js';
import { observeActiveUsers, type ActiveUsers } from '../users/active-users.js';
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

export interface CallerParts {
  readonly ops: Ops;
  readonly redis: RedisCommands | undefined;
  readonly audit: Audit;
  readonly secrets: AuthSecrets;
}

export function createCallers(pool: Pool, { ops, redis, audit, secrets }: CallerParts): Callers {
  const { config, logger, metrics } = ops;
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
  const activeUsers = observeActiveUsers({ metrics, redis });
  const door = (...authenticators: Authenticator[]): RequestHandler =>
    observed(bearerAuth({ authenticators, registry }), activeUsers);
  return {
    tokens,
    apiKeys,
    anyCaller: door(apiKeys.authenticator, tokens.authenticator),
    peopleOnly: door(tokens.authenticator),
  };
}

function observed(door: RequestHandler, activeUsers: ActiveUsers): RequestHandler {
  return (req, res, next) => {
    door(req, res, (error?: unknown) => {
      const userId = error === undefined ? principalOf(req).userId : undefined;
      if (userId !== undefined) activeUsers.saw(userId);
      next(error);
    });
  };
}

/** Whose data a request is about: a key acts for the user who made it. */
export function userIdOf(req: Request): string {
  const { userId } = principalOf(req);
  if (userId === undefined) throw new ForbiddenError();
  return userId;
}
