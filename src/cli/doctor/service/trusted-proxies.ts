import { BlockList, isIP } from 'node:net';

// What Express calls them: https://expressjs.com/en/guide/behind-proxies.html
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Whether an address is one of the proxies that TRUST_PROXY names. */
export function isTrusted(proxies: readonly string[], address: string | undefined): boolean {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
  if (isIP(plain) === 0) return false;
  const list = new BlockList();
  for (const proxy of proxies.flatMap((one) => NAMED[one] ?? [one])) {
    const [network = '', bits] = proxy.split('/');
    const family = isIP(network) === 4 ? 'ipv4' : 'ipv6';
    list.addSubnet(network, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return list.check(plain, isIP(plain) === 4 ? 'ipv4' : 'ipv6');
}
