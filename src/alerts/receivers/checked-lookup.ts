// Not by name, so that what stands in its place in a test is called.
import dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import { refusedAddress } from '../channels/channel-error.js';
import type { Receiver } from './receiver.js';

/**
 * Looks a name up once, for the connection that is being made: to one of the addresses that were looked at, so that the name
 * cannot mean another one in between. One address that is not allowed refuses them all.
 */
export function checkedLookup({ url, isAllowed }: Receiver): LookupFunction {
  return (hostname, options, callback) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '');
        return;
      }
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isAllowed(address, url.protocol))) {
        callback(refusedAddress(), '');
      } else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
