import { BlockList, isIP } from 'node:net';
import type { OptionCheck } from './options.js';

/** An address, or a range in CIDR notation. */
export const isNetwork: OptionCheck = (value) => {
  const [address = '', bits, ...rest] = typeof value === 'string' ? value.split('/') : [];
  const family = isIP(address);
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
  return family !== 0 && isRange && rest.length === 0
    ? undefined
    : 'must be an address or a CIDR range such as 10.0.0.0/8';
};

/** Says whether an address is in one of the networks, which {@link isNetwork} let through. */
export function networkTest(networks: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    list.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return (said) => {
    // A socket that listens on both families shows IPv4 clients as ::ffff:10.0.0.1.
    const address = said?.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}
