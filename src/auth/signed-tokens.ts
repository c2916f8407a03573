import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import type { CredentialProblem, Principal } from '../core/principal.js';

// Pinned on both ways: `none`, a public key taken for a secret and every other trick with `alg` are invalid tokens.
const ALGORITHM = 'HS256';
const MAX_TOKEN_LENGTH = 8192;
const SECOND_MS = 1000;

/** What a token is for: one kind is never taken for the other, whatever the secrets are. */
type Use = 'access' | 'refresh';

export interface SignedTokensSpec {
  readonly use: Use;
  readonly secret: string;
  readonly previousSecret?: string | undefined;
  readonly lifetimeSeconds: number;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly leewaySeconds: number;
  readonly now: () => number;
}

export interface SignedTokens {
  sign(principal: Principal, claims?: JWTPayload): Promise<string>;
  /** The claims, or why it is not good. Never rejects because of the token. */
  verify(token: string): Promise<JWTPayload | CredentialProblem>;
}

/** Tokens of one use: signed by the current secret, good by the current and the previous one. */
export function signedTokens(spec: SignedTokensSpec): SignedTokens {
  const { use, secret, previousSecret, lifetimeSeconds, issuer, audience, leewaySeconds, now } = spec;
  const key = bytes(secret);
  const keys = previousSecret === undefined ? [key] : [key, bytes(previousSecret)];
  const demanded = { algorithms: [ALGORITHM], requiredClaims: ['exp', 'sub'], issuer, audience };

  async function verifyWith(one: Uint8Array, token: string): Promise<JWTPayload | CredentialProblem> {
    const times = { clockTolerance: leewaySeconds, currentDate: new Date(now()) };
    try {
      const { payload } = await jwtVerify(token, one, { ...demanded, ...times });
      return payload.use === use && isId(payload.sub) ? payload : 'invalid';
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'expired';
      // Whatever else jose says of a token, it is an invalid one. What it does not say of it is a fault of the program.
      if (error instanceof errors.JOSEError) return 'invalid';
      throw error;
    }
  }

  return {
    sign({ userId, clientId }, claims = {}) {
      const issuedAt = Math.floor(now() / SECOND_MS);
      const signing = new SignJWT({ ...claims, use, ...(clientId === undefined ? {} : { client_id: clientId }) })
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds);
      if (userId !== undefined) signing.setSubject(userId);
      if (issuer !== undefined) signing.setIssuer(issuer);
      if (audience !== undefined) signing.setAudience(audience);
      return signing.sign(key);
    },
    async verify(token) {
      if (token.length > MAX_TOKEN_LENGTH) return 'invalid';
      for (const one of keys) {
        const found = await verifyWith(one, token);
        // Signed by this key, so no other one can do better.
        if (found !== 'invalid') return found;
      }
      return 'invalid';
    },
  };
}

/** Whose token it is: `client_id` as in RFC 9068. */
export function principalIn({ sub, client_id: clientId }: JWTPayload): Principal {
  return { userId: sub, ...(isId(clientId) ? { clientId } : {}) };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 256;
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
