import { check } from '../doctor-check.js';
import { fail, ok, skip, warn } from '../finding.js';
import { isTrusted } from '../service/trusted-proxies.js';
import type { Answer, Service } from '../service/service.js';

/** Of the ranges for documentation (RFC 5737): nobody has them. */
const INVENTED = ['203.0.113.7', '203.0.113.8'];
const CURE = 'TRUST_PROXY: the addresses of the proxies, and of nobody else; never true, never a number';
/** Whoever answers in the place of the service puts one of them in. */
const OF_PROXIES = ['via', 'cf-ray', 'x-amz-cf-id', 'x-cache', 'x-served-by', 'x-envoy-upstream-service-time'];

export const proxyTrust = check({
  id: 'proxy.trust',
  title: 'whether X-Forwarded-For is believed from the right proxies alone',
  needs: ['service'],
  async run({ service, known }) {
    const plain = await service.ask('/');
    const own = clientOf(plain);
    if (own === undefined)
      return skip('the service says of no client how it is counted (RateLimit-Policy): see security.rate-limit');
    const told = await Promise.all(INVENTED.map((address) => asFrom(address, service)));
    const isBelieved = new Set([own, ...told]).size > 1;
    const trusted = known?.trustProxy ?? [];
    if (isBelieved && isTrusted(trusted, plain.localAddress))
      return ok('this machine is a trusted proxy, and is believed');
    if (isBelieved) return fail('an invented X-Forwarded-For is believed: nobody who sends one is ever limited', CURE);
    const proxy = proxyOf(plain, service);
    if (proxy !== undefined && known !== undefined && trusted.length === 0) {
      return warn(`there is a proxy (${proxy}) and TRUST_PROXY is empty: all clients share one limit`, CURE);
    }
    return ok('an invented X-Forwarded-For is not believed');
  },
});

async function asFrom(address: string, service: Service): Promise<string | undefined> {
  return clientOf(await service.ask('/', { headers: { 'X-Forwarded-For': address } }));
}

/** `pk` of RateLimit-Policy tells clients apart without telling who they are. */
function clientOf({ headers }: Answer): string | undefined {
  return /\bpk=:([^:]+):/.exec(String(headers['ratelimit-policy'] ?? ''))?.[1];
}

function proxyOf({ headers }: Answer, service: Service): string | undefined {
  const sign = OF_PROXIES.find((name) => headers[name] !== undefined);
  if (sign !== undefined) return sign;
  const [, server] = /^(nginx|cloudflare|awselb|envoy|Caddy|haproxy)/i.exec(String(headers.server ?? '')) ?? [];
  return server ?? (service.isHttps ? 'it ends HTTPS' : undefined);
}
