import type { KeyTerms } from '../domain/api-key.ts';
import type { AddressRanges } from '../domain/ports.ts';
import { scopesOf } from '../domain/scopes.ts';
import type { Role } from '../domain/role.ts';
import { invalid } from '../../../platform/text.ts';

const ADDRESSES_MAX = 100;

/** Addresses in their one spelling; a range says exactly what it covers. */
export function addressesOf(given: readonly string[] | null | undefined, ranges: AddressRanges): string[] | null | undefined {
  if (given == null) return given;
  if (given.length > ADDRESSES_MAX) throw invalid(`At most ${ADDRESSES_MAX} addresses.`, 'allowedAddresses');
  return given.map((text, at) => {
    const normal = ranges.normal(text);
    if (normal === null) throw invalid('An IP address, or a range such as 192.0.2.0/24.', 'allowedAddresses', String(at));
    return normal;
  });
}

/** Scopes that the key has already stay without asking; what is new must be within the role of who adds it. */
export function scopesAdded(wanted: readonly string[] | null | undefined, role: Role, has: readonly string[] = []): Pick<KeyTerms, 'scopes'> {
  if (wanted == null) return {};
  const known = scopesOf(wanted, 'OWNER');
  const added = known.filter((name) => !has.includes(name));
  if (added.length > 0) scopesOf(added, role);
  return { scopes: known };
}
