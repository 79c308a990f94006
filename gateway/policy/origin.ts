/** To whom an address belongs, as far as anyone can tell: of IPv6 a single customer has a whole network, and each of its addresses for the asking. */
import ipaddr from 'ipaddr.js';

const NETWORK_PARTS = 4; // 64 bits

/** What strangers are counted by. */
export function originOf(address: string | null): string {
  if (address === null || !address.includes(':') || !ipaddr.IPv6.isValid(address)) return address ?? 'unknown';
  return `${ipaddr.IPv6.parse(address).parts.slice(0, NETWORK_PARTS).map((part) => part.toString(16)).join(':')}::/64`;
}
