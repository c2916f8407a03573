import { createHash, timingSafeEqual } from 'node:crypto';
import type { ExpressRequest } from './middleware.js';
import { networkTest } from './networks.js';

/** Who may ask: from one of these networks, with one of these tokens; both where both are given. */
export interface AccessRules {
  readonly networks?: readonly string[] | undefined;
  readonly tokens?: readonly string[] | undefined;
}

/** Why somebody may not: from elsewhere (403), or without a token that is known (401). */
export type Refused = 401 | 403;

/** Asks the network first: to somebody who may not ask at all, a token is nothing to be tried. */
export function accessTest({ networks, tokens }: AccessRules): (req: ExpressRequest) => Refused | undefined {
  const comesFromInside = networks === undefined ? undefined : fromNetworks(networks);
  const bears = tokens === undefined ? undefined : tokenTest(tokens);
  return (req) => {
    if (comesFromInside?.(req) === false) return 403;
    return bears?.(req) === false ? 401 : undefined;
  };
}

function fromNetworks(networks: readonly string[]): (req: ExpressRequest) => boolean {
  const isInside = networkTest(networks);
  // `req.ip` is what a trusted proxy says about the client; the connection is the proxy's then, and must be allowed as well.
  return (req) => isInside(req.socket.remoteAddress) && (req.ip === undefined || isInside(req.ip));
}

function tokenTest(tokens: readonly string[]): (req: ExpressRequest) => boolean {
  const expected = tokens.map(digestOf);
  return (req) => {
    const [, given] = /^bearer +(\S+) *$/i.exec(req.headers.authorization ?? '') ?? [];
    return given !== undefined && isOneOfDigests(digestOf(given), expected);
  };
}

/** Of digests, which are equally long, and with every one of them: the time tells nothing about the secret. */
function isOneOfDigests(given: Buffer, expected: readonly Buffer[]): boolean {
  let isKnown = false;
  for (const one of expected) isKnown = timingSafeEqual(given, one) || isKnown;
  return isKnown;
}

/** SHA-256, of a secret that nobody can guess: what is compared and kept instead of it. */
export function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
