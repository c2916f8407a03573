import { isIP } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';
import type { ExpressRequest } from '../../core/middleware.js';

// What one customer of a provider is usually given: with a longer prefix they could change addresses at every request.
const IPV6_PREFIX = 56;

/**
 * Who is limited: the client's address as Express knows it, so `X-Forwarded-For` counts only from proxies that
 * `trust proxy` names, and the connection's where there is no Express. IPv6 by its /56, IPv4 written as IPv6 by its IPv4. Clients
 * without a usable address share one key.
 */
export function clientKey(req: ExpressRequest): string {
  // Read once: Express works it out from the headers at every reading.
  const ip = 'ip' in req ? req.ip : req.socket.remoteAddress;
  if (ip === undefined || ip === '') return 'unknown';
  return isIP(ip) === 0 ? 'invalid' : ipKeyGenerator(ip, IPV6_PREFIX);
}
