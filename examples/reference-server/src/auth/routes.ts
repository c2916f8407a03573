import { Router } from 'express';
import { createLoginAttempts, extendContext, methodNotAllowed, type LoginOutcome, type Ops } from 'express-runbook';
import type { Tokens } from 'express-runbook/auth';
import type { Pool } from 'pg';
import type { Audit } from '../audit/audit.js';
import { body } from '../validation.js';
import type { Callers } from './callers.js';
import { googleRoutes } from './google.js';
import { isPasswordOf, NOBODYS_HASH } from './passwords.js';
import { loginSchema, refreshSchema } from './schemas.js';

interface Credentials {
  readonly id: string;
  readonly password_hash: string;
}

/** Logging in and refreshing are the only API routes that need no token. */
export function authRoutes(pool: Pool, { tokens, peopleOnly }: Callers, audit: Audit, ops: Ops): Router {
  const router = Router();
  const logins = createLoginAttempts({ logger: ops.logger, registry: ops.metrics.registry });

  const loggedIn = async (userId: string): Promise<object> =>
    answer(await audit.changes.run({ action: 'auth.login' }, () => tokens.issue({ userId })));

  router.post('/login', async (req, res) => {
    const { email, password } = body(loginSchema, req);
    const { userId = '' } = await logins.attempt(req, email, () => identity(pool, email, password));
    res.set('Cache-Control', 'no-store').json(await loggedIn(userId));
  });

  router.post('/refresh', async (req, res) => {
    const { refreshToken } = body(refreshSchema, req);
    const { principal, tokens: issued } = await tokens.refresh(refreshToken);
    extendContext(principal);
    res.set('Cache-Control', 'no-store').json(answer(issued));
  });

  router.post('/logout', peopleOnly, async (req, res) => {
    const { refreshToken } = body(refreshSchema, req);
    await audit.changes.run({ action: 'auth.logout' }, () => tokens.end(refreshToken));
    res.status(204).end();
  });

  const { google } = ops.config.auth;
  if (google !== undefined) {
    const { logger, metrics } = ops;
    const userIdOfEmail = async (email: string): Promise<string | undefined> => (await credentialsOf(pool, email))?.id;
    router.use(googleRoutes({ google, logger, registry: metrics.registry, userIdOfEmail, loggedIn }));
  }

  router.all(['/login', '/refresh', '/logout'], methodNotAllowed('POST'));

  return router;
}

/** Takes as long for a user who does not exist: a password is compared either way. */
async function identity(pool: Pool, email: string, password: string): Promise<LoginOutcome> {
  const user = await credentialsOf(pool, email.toLowerCase());
  const isRight = await isPasswordOf(user?.password_hash ?? NOBODYS_HASH, password);
  if (user === undefined) return { reason: 'unknown user' };
  return isRight ? { userId: user.id } : { reason: 'wrong password' };
}

async function credentialsOf(pool: Pool, email: string): Promise<Credentials | undefined> {
  const { rows } = await pool.query<Credentials>('SELECT id, password_hash FROM users WHERE email = $1', [email]);
  return rows[0];
}

/** `token` is what the runbooks' curl line reads. */
function answer(issued: Tokens): Tokens & { success: true; token: string } {
  return { success: true, token: issued.accessToken, ...issued };
}
