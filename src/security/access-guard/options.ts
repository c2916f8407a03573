import { either, isListOf, isText } from '../../core/checks.js';
import { ConfigError } from '../../core/config-error.js';
import { isNetwork } from '../../core/networks.js';
import { resolveOptions, type OptionCheck } from '../../core/options.js';

export interface AccessGuardOptions {
  /** A caller must send `Authorization: Bearer` with this token, or with one of these while a new one is handed out. */
  token?: string | readonly string[];
  /**
   * Addresses and CIDR ranges from which callers may come, e.g. `['10.0.0.0/8', '::1']`. Both the connection and, behind a proxy that
   * Express trusts, the client must come from there.
   */
  networks?: readonly string[];
}

export interface AccessGuardSettings {
  readonly tokens: readonly string[] | undefined;
  readonly networks: readonly string[] | undefined;
}

const isTokens: OptionCheck = (value) => {
  const problem = either(isText, isListOf(isText))(value);
  return problem ?? (Array.isArray(value) && value.length === 0 ? 'must have at least one token' : undefined);
};

const isNetworks: OptionCheck = (value) =>
  isListOf(isNetwork)(value) ??
  ((value as unknown[]).length === 0 ? 'must have at least one network: an empty list would let nobody in' : undefined);

export function resolveAccessGuardOptions(scope: string, options: AccessGuardOptions): AccessGuardSettings {
  const { token, networks } = resolveOptions(scope, options, {}, { token: isTokens, networks: isNetworks });
  if (token === undefined && networks === undefined) {
    throw new ConfigError(
      'ERR_OPTION_REQUIRED',
      `${scope}.token`,
      'is required, or networks: a guard must know whom to let in',
    );
  }
  return { networks, tokens: typeof token === 'string' ? [token] : token };
}
