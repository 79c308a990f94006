/** The collections service: what people know, whom it is shared with, and what has become of it. */
import { forgetOldResults, onceOver } from '../../platform/idempotency.ts';
import { graphOf, type Slice } from '../../platform/graph.ts';
import { pagesOf } from '../../platform/page.ts';
import type { Resources, Service } from '../../platform/service.ts';
import { deskOver } from '../../platform/work.ts';
import { createCollection } from './application/create-collection.ts';
import { createItem } from './application/create-item.ts';
import { deleteCollection } from './application/delete-collection.ts';
import { deleteItem } from './application/delete-item.ts';
import { makeDemoCollections, type DemoPlace } from './application/make-demo-collections.ts';
import { onMemberRemoved } from './application/on-member-removed.ts';
import { restoreItem } from './application/restore-item.ts';
import { seeCollections } from './application/see-collections.ts';
import { seeItems } from './application/see-items.ts';
import { shareCollection } from './application/share-collection.ts';
import { unshareCollection } from './application/unshare-collection.ts';
import { updateCollection } from './application/update-collection.ts';
import { updateItem } from './application/update-item.ts';
import type { CollectionView } from './domain/collection-view.ts';
import type { CollectionMember } from './domain/share.ts';
import { askedPeople } from './infrastructure/asked-people.ts';
import { migrations } from './infrastructure/migrations/index.ts';
import { conflicts, portsOver, tables } from './infrastructure/postgres-ports.ts';
import { CollectionType, UserStub } from './presentation/collection.graph.ts';
import { CollectionMembersResolver, CollectionsResolver } from './presentation/collections.resolver.ts';
import { contextOver, references } from './presentation/context.ts';
import { ItemType } from './presentation/item.graph.ts';
import { ItemsResolver } from './presentation/items.resolver.ts';
import { payloadResolvers } from './presentation/payloads.resolver.ts';
import { policy } from './presentation/policy.ts';

export const slice: Slice = {
  name: 'collections',
  resolvers: [CollectionsResolver, CollectionMembersResolver, ItemsResolver, ...payloadResolvers],
  types: [CollectionType, ItemType, UserStub],
  policy,
};

const HOUR_MS = 3_600_000;

export async function start({ log, openDatabase, events, ask, secret }: Resources): Promise<Service> {
  const database = await openDatabase({ service: 'collections', tables, migrations });
  const { work, look } = deskOver(database, { ports: portsOver, conflicts, told: events.told });
  const see = { seeCollections: seeCollections({ look }), seeItems: seeItems({ look }) };
  const given = { work, people: askedPeople(ask), ...see };
  const resolvers = [
    new CollectionsResolver({
      createCollection: createCollection(given), updateCollection: updateCollection(given), deleteCollection: deleteCollection(given),
      shareCollection: shareCollection(given), unshareCollection: unshareCollection(given),
    }, see.seeCollections, {
      collections: pagesOf<CollectionView>(secret, 'collections', ({ id }) => [id]),
      members: pagesOf<CollectionMember>(secret, 'collection members', ({ addedAt, who }) => [addedAt.toISOString(), who]),
    }),
    new CollectionMembersResolver(),
    new ItemsResolver({ createItem: createItem(given), updateItem: updateItem(given), deleteItem: deleteItem(given), restoreItem: restoreItem(given) }),
    ...payloadResolvers.map((Payload) => new Payload()),
  ];
  const graph = graphOf({ slice, resolvers, references, context: contextOver(see), once: onceOver(database, secret), log });

  events.listen([onMemberRemoved(given)]);
  events.sweep({ name: 'collections old results', everyMs: HOUR_MS, round: () => forgetOldResults(database) });
  return { name: 'collections', graph, ready: () => database.ping(), stop: async () => undefined, demo: (place) => makeDemoCollections(given)(place as DemoPlace) };
}
