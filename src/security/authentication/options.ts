import type { Registry } from 'prom-client';
import { hasMethods, isListOf, isRegistry } from '../../core/checks.js';
import { requireOption, resolveOptions, type OptionCheck } from '../../core/options.js';
import type { Authenticator } from '../../core/principal.js';

export interface BearerAuthOptions {
  /**
   * What makes a credential into a principal, e.g. the `authenticator` of `createTokenIssuer()` and of `createApiKeys()`.
   * The first that recognises a credential decides about it. Required.
   */
  authenticators: readonly Authenticator[];
  /** Where `authentications_total{result="accepted|missing|expired|invalid|failed"}` is counted; nowhere when left out. */
  registry?: Registry;
}

const areAuthenticators: OptionCheck = (value) => {
  const problem = isListOf(hasMethods('recognises', 'authenticate'))(value);
  return problem ?? ((value as unknown[]).length === 0 ? 'must have at least one authenticator' : undefined);
};

export function resolveBearerAuthOptions(options: BearerAuthOptions): BearerAuthOptions {
  const settings = resolveOptions(
    'bearerAuth',
    options,
    {},
    { authenticators: areAuthenticators, registry: isRegistry },
  );
  const cure = 'createTokenIssuer() and createApiKeys() have one';
  requireOption('bearerAuth', 'authenticators', settings.authenticators, cure);
  return settings;
}
