/** Documents beside the items they are of, stretch by stretch: what differs is heard anew, and compared once more. */
import type { CollectionId, ItemId, TenantId } from '../../../platform/ids.ts';
import type { Look } from '../../../platform/work.ts';
import type { Items, Ports } from '../domain/document-ports.ts';
import { ITEMS_AT_ONCE, selfIn, type HearItems } from './hear-items.ts';

/** What happens to an item meanwhile may make it differ for a moment. */
const LOOKS_MAX = 3;

export interface Comparing { look: Look<Ports>; items: Items; hearItems: HearItems }
/** `unequal`: those that differ however often they are heard. */
export interface Compared<After> { looked: number; mended: number; unequal: number; after: After | null }

/** Documents that are kept, on the way through them. */
export async function compareDocuments(tenantId: TenantId, collectionId: CollectionId | null, after: ItemId | null, given: Comparing): Promise<Compared<ItemId>> {
  const kept = await given.look(selfIn(tenantId), ({ documents }) => documents.walk({ collectionId, after, first: ITEMS_AT_ONCE }));
  const ids = kept.map(({ itemId }) => itemId);
  return { looked: ids.length, ...await equalled(tenantId, ids, given), after: ids.length === ITEMS_AT_ONCE ? ids.at(-1)! : null };
}

/** Items that there are, on the way through them. */
export async function compareItems(tenantId: TenantId, collectionId: CollectionId | null, after: string | null, given: Comparing): Promise<Compared<string>> {
  const { items, next } = await given.items.walk(tenantId, { collectionId, after, first: ITEMS_AT_ONCE });
  return { looked: items.length, ...await equalled(tenantId, items.map(({ id }) => id), given), after: next };
}

async function equalled(tenantId: TenantId, ids: readonly ItemId[], given: Comparing): Promise<{ mended: number; unequal: number }> {
  let different = await differing(tenantId, ids, given);
  let before: Different = new Map();
  const found = different.size;
  for (let looks = 0; different.size > 0 && looks < LOOKS_MAX; looks += 1) {
    before = different;
    await given.hearItems({ tenantId, ids: [...different.keys()] });
    different = await differing(tenantId, [...different.keys()], given);
  }
  // One that somebody changes all the time is never equal at any moment; what is kept of it follows.
  const unequal = [...different].filter(([id, mark]) => before.get(id) === mark).length;
  return { mended: found - different.size, unequal };
}

/** What is kept of them. */
type Different = ReadonlyMap<ItemId, string | undefined>;

/** The items first: whatever was heard in between is newer than that, and is compared again. */
async function differing(tenantId: TenantId, ids: readonly ItemId[], { look, items }: Comparing): Promise<Different> {
  if (ids.length === 0) return new Map();
  const said = new Map((await items.marks(tenantId, ids)).map(({ id, mark }) => [id, mark]));
  const kept = await look(selfIn(tenantId), ({ documents }) => documents.kept(ids));
  return new Map(ids.flatMap((id): [ItemId, string | undefined][] => {
    const document = kept.get(id);
    const mark = document && !document.deleted ? document.mark : undefined;
    return said.get(id) === mark ? [] : [[id, mark]];
  }));
}
