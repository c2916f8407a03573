import { isIP, isIPv4 } from 'node:net';
import type { Kind, Reading } from './kind.js';

const HOST = /^[A-Za-z0-9_.:-]{1,253}$/;

/** A host name or address to listen on or to call; `socketPath` also lets an absolute path through (libpq's socket folder). */
export function host(socketPath: 'or socket path' | 'no socket path'): Kind<string> {
  const takesPath = socketPath === 'or socket path';
  return {
    accepts: takesPath ? 'host name, address or socket folder' : 'host name or address',
    read(text) {
      if (takesPath && /^\/[^\s?#]*$/.test(text)) return { value: text };
      // The port has its own variable: a colon belongs to an IPv6 address and nothing else.
      const isHost = HOST.test(text) && (!text.includes(':') || isIP(text) === 6);
      return isHost
        ? { value: text }
        : { problem: 'must be a host name or address alone, without scheme, port or path' };
    },
  };
}

export function url(schemes: readonly string[], example: string): Kind<string> {
  return {
    accepts: `URL: \`${example}\``,
    read(text) {
      const expected = `must be a URL such as ${example}`;
      const [scheme] = text.split('://', 1);
      if (!text.includes('://') || !schemes.includes(scheme?.toLowerCase() ?? '')) return { problem: expected };
      if (!URL.canParse(text) || /\s/.test(text)) {
        return { problem: `${expected}; write @ : / ? # % inside of a password as %40 %3A %2F %3F %23 %25` };
      }
      return { value: text };
    },
  };
}

/** `api`, `api/v1`; `/` for none. */
export function pathPrefix(): Kind<string> {
  return {
    accepts: 'path: `api`, `api/v1`; `/` for none',
    read(text) {
      const value = text.replace(/^\/+|\/+$/g, '');
      return /^$|^[A-Za-z0-9_.~-]+(\/[A-Za-z0-9_.~-]+)*$/.test(value)
        ? { value }
        : { problem: 'must be a path such as api or api/v1, or / for no prefix' };
    },
  };
}

export function origins(): Kind<string[]> {
  return {
    accepts: 'list: `https://one.example,https://two.example`',
    read: (text) => list(text, originProblem),
  };
}

function originProblem(item: string): string | undefined {
  const isOrigin =
    /^https?:\/\/[^*]+$/i.test(item) && URL.canParse(item) && new URL(item).origin === item.toLowerCase();
  if (isOrigin) return undefined;
  return 'must be origins separated by commas, each scheme://host[:port] without a path, e.g. https://app.example.com';
}

// The names that Express knows (https://expressjs.com/en/guide/behind-proxies.html).
const PROXY_RANGES = ['loopback', 'linklocal', 'uniquelocal'];

export function proxies(): Kind<string[]> {
  return {
    accepts: `list of addresses, CIDR ranges, ${PROXY_RANGES.map((word) => `\`${word}\``).join(', ')}`,
    read: (text) => list(text, proxyProblem),
  };
}

/** Where somebody may come from. */
export function networks(): Kind<string[]> {
  return {
    accepts: 'list of addresses and CIDR ranges: `10.0.0.0/8,::1`',
    read: (text) => list(text, networkProblem),
  };
}

function networkProblem(item: string): string | undefined {
  return isRange(item) ? undefined : 'must be addresses or CIDR ranges separated by commas, e.g. 10.0.0.0/8';
}

function proxyProblem(item: string): string | undefined {
  if (/^(true|yes|on|[0-9]+)$/i.test(item)) {
    return (
      'must name the proxies: to trust everybody, or a number of hops, lets any client choose its own address; ' +
      'list their addresses or ranges, e.g. loopback,10.0.0.0/8'
    );
  }
  return PROXY_RANGES.includes(item) || isRange(item)
    ? undefined
    : `must be addresses or CIDR ranges separated by commas, or the words ${PROXY_RANGES.join(', ')}`;
}

function isRange(item: string): boolean {
  const [address = '', bits, ...rest] = item.split('/');
  if (isIP(address) === 0 || address.includes('%') || rest.length > 0) return false;
  if (bits === undefined) return true;
  // Zero bits would be everybody; Express refuses it as well.
  return /^[0-9]{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (isIPv4(address) ? 32 : 128);
}

function list(text: string, problemOf: (item: string) => string | undefined): Reading<string[]> {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const problem = items.map(problemOf).find((found) => found !== undefined);
  return problem === undefined ? { value: items } : { problem };
}
