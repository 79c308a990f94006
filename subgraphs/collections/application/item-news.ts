/** What the events of this service say about items, in one form for all who follow them. */
import type { Envelope, EventType } from '../../../platform/event.ts';
import type { CollectionId, ItemId, TenantId } from '../../../platform/ids.ts';
import type { ItemChangeKind } from '../domain/item-change.ts';
import { itemCreated, itemDeleted, itemRestored, itemsImported, itemUpdated } from '../events.ts';

export interface News {
  /** Places of the log grow: which of two comes first can be seen from them. */
  position: number;
  tenantId: TenantId;
  collectionId: CollectionId;
  kind: ItemChangeKind;
  itemIds: readonly ItemId[];
}

type Told = Pick<News, 'collectionId' | 'kind' | 'itemIds'>;
type Reading = readonly [type: string, read: (event: Envelope) => Told];

const one = (type: EventType<{ collectionId: CollectionId; itemId: ItemId }>, kind: ItemChangeKind): Reading => [type.type, (event) => {
  const { collectionId, itemId } = type.read(event).body;
  return { collectionId, kind, itemIds: [itemId] };
}];
const readings = new Map<string, Reading[1]>([
  one(itemCreated as never, 'CREATED'), one(itemUpdated as never, 'UPDATED'), one(itemDeleted as never, 'DELETED'), one(itemRestored as never, 'RESTORED'),
  [itemsImported.type, (event) => {
    const { collectionId, itemIds } = itemsImported.read(event).body;
    return { collectionId, kind: 'CREATED', itemIds };
  }],
]);

export const NEWS_TYPES: readonly string[] = [...readings.keys()];

/** Null for what belongs to no tenant, which nobody follows. */
export function newsIn(event: Envelope, position: string): News | null {
  return event.tenant === null ? null : { position: Number(position), tenantId: event.tenant, ...readings.get(event.type)!(event) };
}
