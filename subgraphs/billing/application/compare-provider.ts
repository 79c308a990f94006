/** Goes through everything that is paid, here and at the provider, says where they differ, and mends it when told. */
import type { TenantId } from '../../../platform/ids.ts';
import { differencesOf, type Difference, type PaidSubscriptions, type ProviderListing } from '../domain/provider-compare.ts';
import type { Seen } from '../domain/provider-signals.ts';
import type { Subscription } from '../domain/subscription.ts';

const UNKNOWN = 'is paid there and unknown here';

interface Given {
  listing: ProviderListing;
  paid: PaidSubscriptions;
  ours: (tenantId: TenantId) => Promise<Subscription | null>;
  apply: (seen: Seen) => Promise<void>;
}
export type CompareProvider = (mend: boolean) => AsyncIterable<Difference>;

export const compareProvider = (given: Given): CompareProvider => async function* (mend) {
  const { listing, paid } = given;
  yield* await listing.faults(mend);
  const missing = new Map((await paid()).map(({ tenantId, reference }) => [reference, tenantId]));
  for await (const seen of listing.subscriptions()) {
    missing.delete(seen.reference);
    yield* compareOne(given, seen, mend);
  }
  // What is not listed is asked for by name before it is said to be gone.
  for (const [reference, tenantId] of missing) {
    const seen = await listing.look(reference);
    if (seen) yield* compareOne(given, seen, mend);
    else yield { about: `${tenantId} ${reference}`, what: 'is paid here and unknown there', mended: mend ? false : null };
  }
};

async function* compareOne(given: Given, seen: Seen, mend: boolean): AsyncIterable<Difference> {
  const { tenantId, reference, state } = seen;
  const about = `${tenantId} ${reference}`;
  const ours = await given.ours(tenantId);
  const byHand = mend ? false : null;
  if (!ours) {
    yield { about, what: 'is paid there, and the tenant is unknown here', mended: byHand };
    return;
  }
  const isOurs = ours.reference === reference;
  // One that has ended, and that nobody here holds any more, is history.
  if (!isOurs && state.state === 'CANCELED') return;
  const other = !isOurs && ours.reference ? await given.listing.look(ours.reference) : null;
  if (other && other.state.state !== 'CANCELED') {
    yield { about, what: `is paid there besides ${other.reference}, which is the one known here: end one of them`, mended: byHand };
    return;
  }
  const found = isOurs ? differencesOf(ours, state) : [UNKNOWN];
  if (found.length === 0) return;
  if (mend) await given.apply(seen);
  const left = mend ? await leftAfter(given, seen) : found;
  for (const what of found) yield { about, what, mended: mend ? !left.includes(what) : null };
}

async function leftAfter({ ours }: Given, { tenantId, reference, state }: Seen): Promise<string[]> {
  const now = await ours(tenantId);
  if (now?.reference === reference) return differencesOf(now, state);
  return state.state === 'CANCELED' ? [] : [UNKNOWN];
}
