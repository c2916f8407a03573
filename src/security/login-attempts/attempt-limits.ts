import { digestOf } from '../../core/access.js';
import { failures } from './failures.js';
import type { LoginAttemptsSettings } from './options.js';

interface TakenAttempt {
  /** 0, or the milliseconds until there may be another attempt. */
  readonly waitMs: number;
  /** Nothing came of it: it counts for nothing. */
  giveBack(): void;
  /** What failed for this account before is forgotten. */
  succeeded(): void;
}

/** Counts each attempt as a failure until it turns out to be none: of an account at an address, and of the address. */
export function attemptLimits(settings: LoginAttemptsSettings): (address: string, account: string) => TakenAttempt {
  const { maxFailures, maxFailuresPerAddress } = settings;
  const remembered = failures(settings);

  function taken(pair: string, address: string): number {
    const waitMs = remembered.take(pair, maxFailures);
    if (waitMs > 0) return waitMs;
    const addressWaitMs = remembered.take(address, maxFailuresPerAddress);
    if (addressWaitMs > 0) remembered.giveBack(pair);
    return addressWaitMs;
  }

  return (address, account) => {
    // A digest, as accounts may be as long as a client likes.
    const pair = digestOf(`${address} ${account.trim().toLowerCase()}`).toString('base64');
    return {
      waitMs: taken(pair, address),
      giveBack() {
        remembered.giveBack(pair);
        remembered.giveBack(address);
      },
      succeeded() {
        remembered.forget(pair);
        remembered.giveBack(address);
      },
    };
  };
}
