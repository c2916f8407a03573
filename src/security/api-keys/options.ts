import { hasMethods, isFunction, isLogger } from '../../core/checks.js';
import { SILENT_LOGGER, type Logger } from '../../core/logger.js';
import { requireOption, resolveOptions, type OptionCheck, type Resolved } from '../../core/options.js';
import type { ApiKeyStore } from './api-key-store.js';

export interface ApiKeysOptions {
  /** Where keys are kept, e.g. a table of the service's own. Required. */
  store: ApiKeyStore;
  /**
   * What every key begins with: tells people and secret scanners what it is. Log lines shorten only `ck_live_`, `ck_test_` and
   * those of payment providers to their first twelve characters; another prefix is not recognised there.
   * @default 'ck_live_'
   */
  prefix?: string;
  /**
   * Gets a warning when a key that was revoked or has expired is used.
   * @default silent
   */
  logger?: Logger;
  /**
   * Milliseconds since 1970; for tests.
   * @default the clock of `Date.now`
   */
  now?: () => number;
}

export const API_KEYS_DEFAULTS = Object.freeze({
  prefix: 'ck_live_',
  logger: SILENT_LOGGER,
  now: (): number => Date.now(),
});

export type ApiKeysSettings = Resolved<ApiKeysOptions, typeof API_KEYS_DEFAULTS>;

const isPrefix: OptionCheck = (value) =>
  typeof value === 'string' && /^[a-z][a-z0-9]{0,7}_(?:[a-z0-9]{1,7}_)?$/.test(value)
    ? undefined
    : 'must be a short prefix such as ck_live_';

export function resolveApiKeysOptions(options: ApiKeysOptions): ApiKeysSettings {
  const settings = resolveOptions('createApiKeys', options, API_KEYS_DEFAULTS, {
    store: hasMethods('add', 'find'),
    prefix: isPrefix,
    logger: isLogger,
    now: isFunction,
  });
  requireOption('createApiKeys', 'store', settings.store, 'it keeps the keys, e.g. in a table');
  return settings;
}
