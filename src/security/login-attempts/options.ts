import type { Registry } from 'prom-client';
import { isFunction, isInteger, isLogger, isRegistry, isText, isTimeMs } from '../../core/checks.js';
import { SILENT_LOGGER, type Logger } from '../../core/logger.js';
import { resolveOptions, type Resolved } from '../../core/options.js';

export interface LoginAttemptsOptions {
  /**
   * Failures of one account from one address that a window allows.
   * @default 5
   */
  maxFailures?: number;
  /**
   * Failures from one address, whatever the accounts, that a window allows: against trying one password on many accounts.
   * @default 50
   */
  maxFailuresPerAddress?: number;
  /**
   * Milliseconds of a window. It begins with the first failure and is never prolonged by later ones.
   * @default 900000
   */
  windowMs?: number;
  /**
   * Accounts and addresses remembered at most; above it the one whose window began first is forgotten.
   * @default 20000
   */
  maxKeys?: number;
  /**
   * What a client is told when the attempt failed, for whatever reason.
   * @default 'Invalid email or password'
   */
  message?: string;
  /**
   * Gets one `login failed` (warn) for each attempt that failed and one `login succeeded` (info) for each other.
   * @default silent
   */
  logger?: Logger;
  /** Where `login_attempts_total{result="succeeded|failed|throttled"}` is counted; nowhere when left out. */
  registry?: Registry;
  /**
   * Milliseconds of a clock that never goes back; for tests.
   * @default the monotonic clock of `performance.now`
   */
  now?: () => number;
}

export const LOGIN_ATTEMPTS_DEFAULTS = Object.freeze({
  maxFailures: 5,
  maxFailuresPerAddress: 50,
  windowMs: 900_000,
  maxKeys: 20_000,
  message: 'Invalid email or password',
  logger: SILENT_LOGGER,
  now: (): number => performance.now(),
});

export type LoginAttemptsSettings = Resolved<LoginAttemptsOptions, typeof LOGIN_ATTEMPTS_DEFAULTS>;

export function resolveLoginAttemptsOptions(options?: LoginAttemptsOptions): LoginAttemptsSettings {
  return resolveOptions<LoginAttemptsOptions, typeof LOGIN_ATTEMPTS_DEFAULTS>(
    'createLoginAttempts',
    options,
    LOGIN_ATTEMPTS_DEFAULTS,
    {
      maxFailures: isInteger(1),
      maxFailuresPerAddress: isInteger(1),
      windowMs: isTimeMs(1),
      maxKeys: isInteger(2),
      message: isText,
      logger: isLogger,
      registry: isRegistry,
      now: isFunction,
    },
  );
}
