import { randomBytes, timingSafeEqual } from 'node:crypto';
import { digestOf } from '../../core/access.js';
import type { Authenticator, CredentialProblem, Principal } from '../../core/principal.js';
import type { ApiKeyRecord } from './api-key-store.js';
import { resolveApiKeysOptions, type ApiKeysOptions, type ApiKeysSettings } from './options.js';

const RANDOM_CHARACTERS = 40;
const VISIBLE_CHARACTERS = 12;
const MAX_KEY_LENGTH = 128;

export interface NewApiKey {
  /** The key itself: shown now and never again. */
  readonly key: string;
  /** What was kept of it. */
  readonly record: ApiKeyRecord;
}

export interface ApiKeys {
  /** Makes a key for a principal and keeps its digest. */
  create(principal: Principal, about?: { readonly name?: string; readonly expiresAt?: Date }): Promise<NewApiKey>;
  /** For `bearerAuth()`: credentials with the prefix. */
  readonly authenticator: Authenticator;
}

/**
 * API keys of clients: 40 random letters and digits (238 bits) after a prefix. Of a key only the SHA-256 is kept: it cannot be
 * guessed, so a slow hash would add nothing. A key is revoked by its record (`revokedAt`), at once and alone.
 *
 * Each request with a key asks the store: an index on the digest makes that one short query.
 *
 * @example
 * const apiKeys = createApiKeys({ store, logger });
 * const { key } = await apiKeys.create({ clientId: 'acme' });
 * app.use('/api', bearerAuth({ authenticators: [apiKeys.authenticator] }));
 */
export function createApiKeys(options: ApiKeysOptions): ApiKeys {
  const settings = resolveApiKeysOptions(options);
  const { store, prefix } = settings;

  return {
    async create(principal, { name, expiresAt } = {}) {
      const key = prefix + randomCharacters();
      const digest = digestOf(key).toString('hex');
      const record = { digest, prefix: key.slice(0, VISIBLE_CHARACTERS), name, principal, expiresAt };
      await store.add(record);
      return { key, record };
    },
    authenticator: {
      recognises: (credential) => credential.startsWith(prefix),
      async authenticate(credential) {
        if (credential.length > MAX_KEY_LENGTH) return 'invalid';
        const digest = digestOf(credential);
        const record = await store.find(digest.toString('hex'));
        // A store that finds by less than all of the digest opens nothing.
        if (record === undefined || !isSame(record.digest, digest)) return 'invalid';
        return problemOf(record, settings) ?? record.principal;
      },
    },
  };
}

function isSame(kept: string, given: Buffer): boolean {
  const digest = Buffer.from(kept, 'hex');
  return digest.length === given.length && timingSafeEqual(digest, given);
}

/** Its owner, or whoever found it, goes on using it: one of the two should be told. */
function problemOf(record: ApiKeyRecord, { logger, now }: ApiKeysSettings): CredentialProblem | undefined {
  const { prefix, principal, revokedAt, expiresAt } = record;
  const apiKey = `${prefix}...`;
  if (revokedAt !== undefined) {
    logger.warn({ ...principal, apiKey, revokedAt }, 'API key was used after it was revoked');
    return 'invalid';
  }
  if (expiresAt === undefined || expiresAt.getTime() > now()) return undefined;
  logger.warn({ ...principal, apiKey, expiresAt }, 'API key was used after it expired');
  return 'expired';
}

/** Letters and digits alone: what every tool takes for one word. Dropping the other signs of base64 keeps the rest uniform. */
function randomCharacters(): string {
  let characters = '';
  while (characters.length < RANDOM_CHARACTERS) {
    characters += randomBytes(48).toString('base64').replace(/[+/=]/g, '');
  }
  return characters.slice(0, RANDOM_CHARACTERS);
}
