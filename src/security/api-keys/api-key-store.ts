import type { Principal } from '../../core/principal.js';

/** An API key as it is kept: nobody who reads it can use it. */
export interface ApiKeyRecord {
  /** SHA-256 of the key, in hexadecimal digits: what it is found by. */
  readonly digest: string;
  /** Its first twelve characters: what people and log lines call it. */
  readonly prefix: string;
  /** What people call it. */
  readonly name?: string | undefined;
  readonly principal: Principal;
  /** Not good any more from then on; never when absent. */
  readonly expiresAt?: Date | undefined;
  /** Since when it is not good any more. */
  readonly revokedAt?: Date | undefined;
}

/** Where API keys are kept. Rejects when it cannot be asked. */
export interface ApiKeyStore {
  add(record: ApiKeyRecord): Promise<void>;
  /** Also one that was revoked or has expired: whoever uses it is worth a warning. */
  find(digest: string): Promise<ApiKeyRecord | undefined>;
}
