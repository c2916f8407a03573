import type { Principal } from '../core/principal.js';

/** One refresh token, as it is remembered. The token itself is not kept, only its id. */
export interface RefreshTokenRecord {
  readonly id: string;
  /** All tokens that follow from one login: they end together. */
  readonly familyId: string;
  readonly principal: Principal;
  readonly expiresAt: Date;
}

/** `rotated`: the old one was good, and is used now; `reused`: it was used before; `unknown`: it never was, or its family ended. */
export type RotationOutcome = 'rotated' | 'reused' | 'unknown';

/** Where refresh tokens are remembered: a table of the service's own, say. Rejects when it cannot be asked. */
export interface RefreshTokenStore {
  /** A family begins, with its first token. */
  begin(first: RefreshTokenRecord): Promise<void>;
  /** In one step, so that of two calls with the same `usedId` exactly one is told `rotated`: marks the one used and keeps the next. */
  rotate(usedId: string, next: RefreshTokenRecord): Promise<RotationOutcome>;
  /** No token of the family is good any more, those included that a `rotate` under way is about to keep. */
  end(familyId: string): Promise<void>;
}
