import { extendContext, UnauthorizedError } from 'express-runbook';
import type { Request, RequestHandler } from 'express';
import type { TokenIssuer } from './tokens.js';

/** Lets a request through that carries a valid access token, and makes its user known to logs and handlers. */
export function authenticate(tokens: TokenIssuer): RequestHandler {
  return function authenticateMiddleware(req, res, next) {
    const token = bearerToken(req.headers.authorization);
    if (token === undefined) {
      next(new UnauthorizedError('Missing or invalid authorization header'));
      return;
    }
    tokens.userOfAccessToken(token).then(
      (userId) => {
        res.locals.userId = userId;
        extendContext({ userId });
        next();
      },
      (error: unknown) => {
        next(error);
      },
    );
  };
}

/** The user that {@link authenticate} let through. */
export function userIdOf(req: Request): string {
  const userId: unknown = req.res?.locals.userId;
  if (typeof userId !== 'string') throw new Error(`${req.path} is not behind authenticate()`);
  return userId;
}

function bearerToken(header: string | undefined): string | undefined {
  if (header?.startsWith('Bearer ') !== true) return undefined;
  const token = header.slice('Bearer '.length).trim();
  return token === '' ? undefined : token;
}
