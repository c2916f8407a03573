import type { IncomingMessage } from 'node:http';
import type { Middleware } from '../../core/middleware.js';
import { attachedPrincipal, attachPrincipal, type CredentialProblem, type Principal } from '../../core/principal.js';
import { unauthorized } from '../../core/refusal.js';
import { wordCounter } from '../../instruments/word-counter.js';
import { credentialOf, MAX_CREDENTIAL_LENGTH } from './credential.js';
import { resolveBearerAuthOptions, type BearerAuthOptions } from './options.js';

const PROBLEMS: Readonly<Record<CredentialProblem, string>> = Object.freeze({
  expired: 'Token expired',
  invalid: 'Invalid token',
});

/**
 * Lets a request pass that carries a valid credential, as `Authorization: Bearer …` or `X-API-Key: …`, and makes its principal
 * known: to handlers by `principalOf(req)`, to log lines as `userId` and `clientId`, to metrics and quotas as client. Anybody else is
 * a 401 with `WWW-Authenticate`, given as an error to `errorHandler()`, whose text is one of `Missing or invalid authorization header`,
 * `Token expired` and `Invalid token`, whatever else was wrong. A credential in the query string is none: URLs are logged.
 *
 * An authenticator that cannot find out is no 401: its error goes on, e.g. as a 503 when the database is away.
 *
 * @example
 * const auth = bearerAuth({ authenticators: [tokens.authenticator, apiKeys.authenticator] });
 * app.get('/api/orders', auth, (req, res) => res.json(ordersOf(principalOf(req).userId)));
 */
export function bearerAuth(options: BearerAuthOptions): Middleware {
  const { authenticators, registry } = resolveBearerAuthOptions(options);
  const count = wordCounter(registry, {
    name: 'authentications_total',
    help: 'Requests to guarded routes, by what became of their credential',
    label: 'result',
    words: ['accepted', 'missing', 'expired', 'invalid', 'failed'],
  });

  async function authenticated(credential: string): Promise<Principal | CredentialProblem> {
    if (credential.length > MAX_CREDENTIAL_LENGTH) return 'invalid';
    const authenticator = authenticators.find((one) => one.recognises(credential));
    return authenticator?.authenticate(credential) ?? 'invalid';
  }

  return function bearerAuthMiddleware(req, _res, next) {
    const credential = credentialOf(req);
    if (credential === undefined) {
      count('missing');
      next(unauthorized('Missing or invalid authorization header'));
      return;
    }
    authenticated(credential).then(
      (found) => {
        if (typeof found === 'string') {
          count(found);
          // RFC 6750 section 3.1: expired, revoked and malformed are all `invalid_token`.
          next(unauthorized(PROBLEMS[found], 'Bearer error="invalid_token"'));
          return;
        }
        count('accepted');
        attachPrincipal(req, found);
        next();
      },
      (error: unknown) => {
        count('failed');
        next(error);
      },
    );
  };
}

/** Who `bearerAuth()` let through. Throws where it does not stand before: a route that asks and is open is a mistake. */
export function principalOf(req: IncomingMessage): Principal {
  const principal = attachedPrincipal(req);
  if (principal === undefined)
    throw new Error('principalOf(req) was asked for a request that no bearerAuth() let through');
  return principal;
}
