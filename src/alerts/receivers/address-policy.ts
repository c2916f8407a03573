import { BlockList, isIPv4 } from 'node:net';
import { networkTest } from '../../core/networks.js';

/** Whether a connection to this address may be made. Plain HTTP goes to `allowNetworks` alone. */
export type AddressPolicy = (address: string, protocol: string) => boolean;

// What is not global of the IANA registries of special-purpose addresses (RFC 6890), and multicast.
const SPECIAL_IPV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
];
// Within 2000::/3: Teredo and its neighbours, documentation, 6to4. Mapped addresses and NAT64 lie outside of it.
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
const GLOBAL_IPV6 = '2000::/3';

/** Public addresses over HTTPS, and the networks that somebody named: what an alert says must not be sent to our own insides. */
export function addressPolicy(allowNetworks: readonly string[]): AddressPolicy {
  const isNamed = networkTest(allowNetworks);
  const isPublic = publicTest();
  return (address, protocol) => isNamed(address) || (protocol === 'https:' && isPublic(address));
}

function publicTest(): (address: string) => boolean {
  const special4 = listOf(SPECIAL_IPV4, 'ipv4');
  const special6 = listOf(SPECIAL_IPV6, 'ipv6');
  const global6 = listOf([GLOBAL_IPV6], 'ipv6');
  return (address) => {
    if (isIPv4(address)) return !special4.check(address, 'ipv4');
    return global6.check(address, 'ipv6') && !special6.check(address, 'ipv6');
  };
}

function listOf(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
