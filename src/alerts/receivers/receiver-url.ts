import { isIP } from 'node:net';
import { ConfigError } from '../../core/config-error.js';
import { addressPolicy } from './address-policy.js';
import type { Receiver } from './receiver.js';

// As people write one. Everything that a URL parser would silently turn into another host (RFC 3986 against WHATWG: numbers as
// addresses, other scripts, percent signs, backslashes, accounts, missing slashes, white space) does not match.
const PLAIN = /^https?:\/\/(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+))(?::\d{1,5})?(?:\/[\x21\x22\x24-\x5b\x5d-\x7e]*)?$/;
const INSIDE = /^[^.]+$|\.$|(?:^|\.)(?:localhost|local|internal|intranet|lan|corp|home|home\.arpa)$/i;

/** The place that alerts are sent to; throws `ConfigError` for one that must not be, and never repeats it: most are secrets. */
export function receiverOf(option: string, url: string, allowNetworks: readonly string[]): Receiver {
  const isAllowed = addressPolicy(allowNetworks);
  const [, address6, host] = PLAIN.exec(url) ?? [];
  const refuse = (problem: string): ConfigError => new ConfigError('ERR_OPTION_INVALID', option, problem);
  if ((address6 ?? host) === undefined || !URL.canParse(url)) {
    throw refuse(
      'must be a plain URL such as https://hooks.example.com/path, without account, fragment or other scripts',
    );
  }
  const parsed = new URL(url);
  if (host !== undefined && parsed.hostname !== host.toLowerCase()) {
    throw refuse('must name its host as a name or as a plain address');
  }
  const isName = address6 === undefined && isIP(parsed.hostname) === 0;
  if (parsed.protocol === 'http:' && allowNetworks.length === 0) {
    throw refuse('must begin with https://; plain HTTP is for addresses in allowNetworks');
  }
  if (isName && allowNetworks.length === 0 && INSIDE.test(parsed.hostname)) {
    throw refuse('must name a public host; one of the inside needs its network in allowNetworks');
  }
  if (!isName && !isAllowed(bareAddress(parsed), parsed.protocol)) {
    throw refuse('must not lead to an address that is not public; allowNetworks says which may be reached');
  }
  return { url: parsed, isAllowed };
}

/** Of a URL whose host is an address: as a socket takes it. */
export function bareAddress({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}
