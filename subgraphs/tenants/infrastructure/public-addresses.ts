/**
 * Where webhooks may go: public addresses, and those that a setting allows besides. A name is looked up for every new
 * connection, and the connection is made to the very address that was checked, so a name that answers something else
 * the second time gets nowhere.
 */
import { lookup as lookUp, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

export type LookUp = (name: string, options: { all: true; family?: number | undefined }, answer: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void;

export interface Addresses {
  /** Why nothing may be sent to this host, as far as its text alone tells; null when it may, or is a name. */
  refusal(host: string): string | null;
  /** The same, and with what the name leads to at this moment. */
  refusalOfName(host: string): Promise<string | null>;
  /** As connections look names up. */
  lookup: LookupFunction;
  isAllowed(address: string): boolean;
}

export class NotPublic extends Error {
  constructor() { super('The address is not public.'); }
}

/** Names that lead nowhere but inside, whatever a resolver makes of them. */
const INNER = /(?:^|\.)(?:localhost|local|internal|home\.arpa|onion|invalid)$/;

export function publicAddresses({ allowed, lookUp: ask = lookUp }: { allowed: readonly string[]; lookUp?: LookUp }): Addresses {
  const all = allowed.includes('on');
  const ranges = allowed.filter((one) => ipaddr.isValidCIDR(one) || ipaddr.isValid(one)).map((one) => (ipaddr.isValidCIDR(one) ? ipaddr.parseCIDR(one) : ofOne(one)));

  const isAllowed = (text: string): boolean => {
    if (all) return true;
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.parse(text);
    return isPublic(address) || ranges.some(([base, bits]) => base.kind() === address.kind() && address.match([base, bits] as never));
  };
  const refusal = (host: string): string | null => {
    const bare = bareOf(host);
    if (isIP(bare) !== 0) return isAllowed(bare) ? null : 'The address is not public.';
    const inner = INNER.test(bare) || !bare.includes('.');
    return inner && !all && ranges.length === 0 ? 'The name does not lead to a public address.' : null;
  };
  const checked = (host: string, family: number | undefined, answer: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) =>
    ask(host, { all: true, family }, (error, addresses) => {
      if (error) return answer(error, []);
      if (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address))) return answer(new NotPublic(), []);
      answer(null, addresses);
    });

  return {
    isAllowed, refusal,
    refusalOfName: (host) => new Promise((resolve) => {
      const refused = refusal(host);
      if (refused !== null || isIP(bareOf(host)) !== 0) return resolve(refused);
      checked(bareOf(host), undefined, (error) => resolve(error instanceof NotPublic ? 'The name does not lead to a public address.' : null));
    }),
    lookup: (host, options, callback) => checked(host, Number(options.family) || undefined, (error, addresses) => {
      const [first] = addresses;
      if (error || !first) return callback(error ?? new NotPublic(), '', 0);
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    }),
  };
}

/** Of IPv6 only 2000::/3 is given out; `::127.0.0.1` and the like are spellings of what is inside. */
const isPublic = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  address.range() === 'unicast' && (address instanceof ipaddr.IPv4 || address.match(ipaddr.IPv6.parse('2000::'), 3));

const ofOne = (address: string): [ipaddr.IPv4 | ipaddr.IPv6, number] => {
  const parsed = ipaddr.parse(address);
  return [parsed, parsed.kind() === 'ipv4' ? 32 : 128];
};

/** `[::1]` is `::1`, and `localhost.` is `localhost`. */
const bareOf = (host: string): string => host.replace(/^\[|\]$/g, '').replace(/\.$/, '').toLowerCase();
