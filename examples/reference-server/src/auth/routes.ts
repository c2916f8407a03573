import { Router } from 'express';
import { extendContext, methodNotAllowed, UnauthorizedError, type Logger } from 'express-runbook';
import type { Pool } from 'pg';
import { body } from '../validation.js';
import { isPasswordOf, NOBODYS_HASH } from './passwords.js';
import { loginSchema, refreshSchema } from './schemas.js';
import type { TokenIssuer } from './tokens.js';

interface Credentials {
  readonly id: string;
  readonly password_hash: string;
}

/** The only API routes that need no token. */
export function authRoutes(pool: Pool, tokens: TokenIssuer, logger: Logger): Router {
  const router = Router();

  router.post('/login', async (req, res) => {
    const { email, password } = body(loginSchema, req);
    const found = await pool.query<Credentials>('SELECT id, password_hash FROM users WHERE email = $1', [
      email.toLowerCase(),
    ]);
    const user = found.rows[0];
    const isRight = await isPasswordOf(user?.password_hash ?? NOBODYS_HASH, password);
    if (user === undefined || !isRight) {
      logger.warn({ reason: user === undefined ? 'unknown user' : 'wrong password' }, 'login failed');
      throw new UnauthorizedError('Invalid email or password');
    }
    extendContext({ userId: user.id });
    logger.info({ userId: user.id }, 'login succeeded');
    const issued = await tokens.issue(user.id);
    // `token` is what the runbooks' curl line reads.
    res.json({ success: true, token: issued.accessToken, ...issued });
  });

  router.post('/refresh', async (req, res) => {
    const { refreshToken } = body(refreshSchema, req);
    const userId = await tokens.userOfRefreshToken(refreshToken);
    extendContext({ userId });
    const issued = await tokens.issue(userId);
    res.json({ success: true, token: issued.accessToken, ...issued });
  });

  router.all(['/login', '/refresh'], methodNotAllowed('POST'));

  return router;
}
