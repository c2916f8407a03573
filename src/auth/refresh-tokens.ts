import { randomUUID } from 'node:crypto';
import type { CredentialProblem, Principal } from '../core/principal.js';
import { unauthorized } from '../core/refusal.js';
import { wordCounter } from '../instruments/word-counter.js';
import { knownTokens, type KnownToken } from './known-tokens.js';
import type { TokenIssuerSettings } from './options.js';

interface RefreshTokens {
  begin(principal: Principal): Promise<string>;
  trade(token: string): Promise<{ principal: Principal; next: string }>;
  end(token: string): Promise<void>;
}

/** Tokens that are good once, in families: one per login. */
export function refreshTokens(settings: TokenIssuerSettings): RefreshTokens | undefined {
  const { refresh, registry, logger, now } = settings;
  if (refresh === undefined) return undefined;
  const { store, lifetimeSeconds, onReuse } = refresh;
  const { tokenOf, knownBy } = knownTokens(settings, refresh);
  const count = wordCounter(registry, {
    name: 'refresh_tokens_total',
    help: 'Refresh tokens that were to be traded, by what became of it',
    label: 'result',
    words: ['rotated', 'reused', 'expired', 'invalid'],
  });

  const recordOf = (known: KnownToken) => ({ ...known, expiresAt: new Date(now() + lifetimeSeconds * 1000) });

  async function endReused({ familyId, principal }: KnownToken): Promise<void> {
    await store.end(familyId);
    logger.warn({ ...principal, familyId }, 'Refresh token used twice: all tokens of its login were ended');
    await onReuse(principal);
  }

  return {
    async begin(principal) {
      const first = { id: randomUUID(), familyId: randomUUID(), principal };
      await store.begin(recordOf(first));
      return tokenOf(first);
    },
    async trade(token) {
      const used = await knownBy(token);
      if (typeof used === 'string') {
        count(used);
        throw refused(used);
      }
      const next = { ...used, id: randomUUID() };
      const outcome = await store.rotate(used.id, recordOf(next));
      count(outcome === 'unknown' ? 'invalid' : outcome);
      if (outcome === 'reused') await endReused(used);
      if (outcome !== 'rotated') throw refused('invalid');
      return { principal: used.principal, next: await tokenOf(next) };
    },
    async end(token) {
      const known = await knownBy(token);
      if (typeof known !== 'string') await store.end(known.familyId);
    },
  };
}

function refused(problem: CredentialProblem): Error {
  return unauthorized(problem === 'expired' ? 'Token expired' : 'Invalid token', 'Bearer error="invalid_token"');
}
