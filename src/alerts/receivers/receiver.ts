import type { AddressPolicy } from './address-policy.js';

/** Where alerts are posted to. */
export interface Receiver {
  /** Mostly a secret. */
  readonly url: URL;
  readonly isAllowed: AddressPolicy;
}
