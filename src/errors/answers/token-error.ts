import { readText } from '../read.js';
import { answer, type Answer } from './answer.js';

// RFC 6750 §3.1: a token that is expired, revoked or malformed is `invalid_token`.
const HEADERS = { 'WWW-Authenticate': 'Bearer error="invalid_token"' };
const EXPIRED = answer(401, 'Token expired', HEADERS);
const INVALID = answer(401, 'Invalid token', HEADERS);

// Those of jsonwebtoken have no code (https://github.com/auth0/node-jsonwebtoken#errors--codes).
const BY_NAME: Readonly<Record<string, Answer>> = Object.freeze({
  TokenExpiredError: EXPIRED,
  JsonWebTokenError: INVALID,
  NotBeforeError: INVALID,
});

// Those of jose (https://github.com/panva/jose/blob/main/docs/util/errors/README.md) that are about the token. Others are
// about its keys and its use, which no client can mend.
const BY_CODE: Readonly<Record<string, Answer>> = Object.freeze({
  ERR_JWT_EXPIRED: EXPIRED,
  ERR_JWT_CLAIM_VALIDATION_FAILED: INVALID,
  ERR_JWT_INVALID: INVALID,
  ERR_JWS_INVALID: INVALID,
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: INVALID,
  ERR_JOSE_ALG_NOT_ALLOWED: INVALID,
  ERR_JWKS_NO_MATCHING_KEY: INVALID,
});

/** A token that jose or jsonwebtoken refused; which claim was wrong is nothing to tell. */
export function answerOfTokenError(error: unknown): Answer | undefined {
  return own(BY_CODE, readText(error, 'code')) ?? own(BY_NAME, readText(error, 'name'));
}

function own(answers: Readonly<Record<string, Answer>>, key: string | undefined): Answer | undefined {
  return key !== undefined && Object.hasOwn(answers, key) ? answers[key] : undefined;
}
