import { createHash } from 'node:crypto';
import { Router, type Request } from 'express';
import {
  AppError,
  createLoginAttempts,
  methodNotAllowed,
  type Config,
  type LoginOutcome,
  type Ops,
} from 'express-runbook';
import { z } from '../zod.js';
import { query } from '../validation.js';
import { callbackSchema } from './schemas.js';
import { beginSignIn, derived, endSignIn, isSame } from './sign-in-secret.js';

// https://accounts.google.com/.well-known/openid-configuration
const GOOGLE: GoogleEndpoints = {
  authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
  token: 'https://oauth2.googleapis.com/token',
};
const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
const ANSWER_WITHIN_MS = 5000;

interface GoogleEndpoints {
  readonly authorize: string;
  readonly token: string;
}

export interface GoogleParts {
  readonly google: NonNullable<Config['auth']['google']>;
  readonly logger: Ops['logger'];
  readonly registry: Ops['metrics']['registry'];
  /** The id of the user with this address; nobody is made a user by signing in. */
  readonly userIdOfEmail: (email: string) => Promise<string | undefined>;
  /** What logging in with a password gives too. */
  readonly loggedIn: (userId: string) => Promise<object>;
  readonly endpoints?: GoogleEndpoints;
}

const idTokenSchema = z.object({
  iss: z.string(),
  aud: z.string(),
  exp: z.number(),
  nonce: z.string(),
  email: z.email(),
  email_verified: z.literal(true),
});

/** Signing in with Google: OpenID Connect's code flow with state, nonce and PKCE (RFC 9700 section 2.1). Only mounted when it is configured. */
export function googleRoutes(parts: GoogleParts): Router {
  const { google, logger, registry, endpoints = GOOGLE } = parts;
  // Who it is shows only afterwards: an office behind one address shares the count.
  const logins = createLoginAttempts({ logger, registry, maxFailures: 50, message: 'Sign-in with Google failed' });
  const router = Router();

  router.get('/google', (req, res) => {
    const secret = beginSignIn(req, res);
    const address = new URL(endpoints.authorize);
    address.search = new URLSearchParams({
      client_id: google.clientId,
      redirect_uri: callbackOf(req),
      response_type: 'code',
      scope: 'openid email',
      state: derived(secret, 'state'),
      nonce: derived(secret, 'nonce'),
      code_challenge: createHash('sha256').update(derived(secret, 'verifier')).digest('base64url'),
      code_challenge_method: 'S256',
    }).toString();
    res.set('Cache-Control', 'no-store').redirect(address.href);
  });

  router.get('/google/callback', async (req, res) => {
    const { code, state } = query(callbackSchema, req);
    const secret = endSignIn(req, res);
    const { userId = '' } = await logins.attempt(req, 'google', () =>
      identity(parts, endpoints, { req, code, state, secret }),
    );
    res.set('Cache-Control', 'no-store').json(await parts.loggedIn(userId));
  });

  router.all(['/google', '/google/callback'], methodNotAllowed('GET'));

  return router;
}

interface Callback {
  readonly req: Request;
  readonly code: string;
  readonly state: string;
  readonly secret: string | undefined;
}

async function identity(
  { google, userIdOfEmail }: GoogleParts,
  { token }: GoogleEndpoints,
  { req, code, state, secret }: Callback,
): Promise<LoginOutcome> {
  if (secret === undefined || !isSame(state, derived(secret, 'state'))) return { reason: 'state of another browser' };
  const { status, said } = await answerOf(token, {
    grant_type: 'authorization_code',
    code,
    client_id: google.clientId,
    client_secret: google.clientSecret,
    redirect_uri: callbackOf(req),
    code_verifier: derived(secret, 'verifier'),
  });
  if (status !== 200) return { reason: `google answered ${String(status)}` };
  const claims = claimsIn(said);
  if (claims === undefined) return { reason: 'id token without a verified address' };
  const { iss, aud, exp, nonce, email } = claims;
  const isOurs = ISSUERS.includes(iss) && aud === google.clientId && exp * 1000 > Date.now();
  if (!isOurs || !isSame(nonce, derived(secret, 'nonce'))) return { reason: 'id token of another sign-in' };
  const userId = await userIdOfEmail(email.toLowerCase());
  return userId === undefined ? { reason: 'unknown user' } : { userId };
}

/** Throws 503 when Google cannot be asked: that is nobody's failed login, and must lock no office out. */
async function answerOf(token: string, form: Record<string, string>): Promise<{ status: number; said: unknown }> {
  try {
    const response = await fetch(token, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const { status } = response;
    if (status >= 500) throw new Error(`google answered ${String(status)}`);
    return { status, said: status === 200 ? await response.json() : undefined };
  } catch (error) {
    throw new AppError(503, 'Google cannot be asked', true, { cause: error, expose: true });
  }
}

/** Its signature need not be looked at: it came from Google itself over TLS (OpenID Connect Core, 3.1.3.7, point 6). */
function claimsIn(answer: unknown): z.output<typeof idTokenSchema> | undefined {
  const { data } = z.object({ id_token: z.string().max(8192) }).safeParse(answer);
  const [, payload = ''] = data?.id_token.split('.') ?? [];
  try {
    return idTokenSchema.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString())).data;
  } catch {
    // Not JSON: no claims.
    return undefined;
  }
}

/** Google takes only those that were registered with it, whatever `Host` says. */
function callbackOf(req: Request): string {
  return `${req.protocol}://${req.get('host') ?? ''}${req.baseUrl}/google/callback`;
}
