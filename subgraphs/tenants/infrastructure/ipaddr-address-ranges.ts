import ipaddr from 'ipaddr.js';
import type { AddressRanges } from '../domain/ports.ts';

const LENGTH_MAX = 50;

/** An IPv4 address in IPv6's clothes is an IPv4 address, so that one caller has one spelling. Zones name interfaces, not callers. */
export const ipaddrRanges: AddressRanges = {
  normal(text) {
    const given = text.trim();
    if (given.length > LENGTH_MAX || given.includes('%')) return null;
    if (!given.includes('/')) return isWritten(given) ? ipaddr.process(given).toString() : null;
    if (!isWritten(given.split('/')[0]!) || !ipaddr.isValidCIDR(given)) return null;
    const [address, bits] = ipaddr.parseCIDR(given);
    const base = address.kind() === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(given) : ipaddr.IPv6.networkAddressFromCIDR(given);
    return `${base.toString()}/${bits}`;
  },
};

/** `127.1` and `0x7f.1` are addresses to some programs and typing errors to people. */
const isWritten = (text: string): boolean => ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
