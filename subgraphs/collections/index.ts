/** The collections service: what people know, whom it is shared with, and what has become of it. */
import { forgetOldResults, onceOver } from '../../platform/idempotency.ts';
import { graphOf, type Slice } from '../../platform/graph.ts';
import { pagesOf } from '../../platform/page.ts';
import type { Resources, Service } from '../../platform/service.ts';
import { deskOver } from '../../platform/work.ts';
import { createCollection } from './application/create-collection.ts';
import { createItem } from './application/create-item.ts';
import { createUpload } from './application/create-upload.ts';
import { deleteCollection } from './application/delete-collection.ts';
import { deleteItem } from './application/delete-item.ts';
import { followItemChanges } from './application/follow-item-changes.ts';
import { linkItems } from './application/link-items.ts';
import { makeDemoCollections, type DemoPlace } from './application/make-demo-collections.ts';
import { openNewsroom } from './application/newsroom.ts';
import { onEntitlementsChanged } from './application/on-entitlements-changed.ts';
import { onMemberRemoved } from './application/on-member-removed.ts';
import { restoreItem } from './application/restore-item.ts';
import { restoreRevision } from './application/restore-revision.ts';
import { seeCollections } from './application/see-collections.ts';
import { seeItems } from './application/see-items.ts';
import { seeLinks } from './application/see-links.ts';
import { seeRevisions } from './application/see-revisions.ts';
import { shareCollection } from './application/share-collection.ts';
import { tellTruths } from './application/tell-truths.ts';
import { unlinkItems } from './application/unlink-items.ts';
import { unshareCollection } from './application/unshare-collection.ts';
import { updateCollection } from './application/update-collection.ts';
import { updateItem } from './application/update-item.ts';
import type { CollectionView } from './domain/collection-view.ts';
import type { ItemLink } from './domain/link.ts';
import type { ListedItem } from './domain/ports.ts';
import type { Revision } from './domain/revision.ts';
import type { CollectionMember } from './domain/share.ts';
import { filesOver, fileResolvers } from './index.files.ts';
import { jobResolvers, jobsOver, jobTypes } from './index.jobs.ts';
import { askedPeople } from './infrastructure/asked-people.ts';
import { objectFiles } from './infrastructure/object-files.ts';
import { migrations } from './infrastructure/migrations/index.ts';
import { conflicts, portsOver, tables, viewsOver } from './infrastructure/postgres-ports.ts';
import { ApiKeysResolver, ApiKeyStub } from './presentation/api-key-stub.resolver.ts';
import { CollectionType, UserStub } from './presentation/collection.graph.ts';
import { CollectionMembersResolver, CollectionsResolver } from './presentation/collections.resolver.ts';
import { contextOver, references } from './presentation/context.ts';
import { CollectionItemsResolver } from './presentation/item-list.resolver.ts';
import { ItemType } from './presentation/item.graph.ts';
import { followByCursor } from './presentation/item-change-cursors.ts';
import { ItemChangesResolver } from './presentation/item-changes.resolver.ts';
import { ItemsResolver } from './presentation/items.resolver.ts';
import { ItemLinksResolver, LinksResolver, placeOf } from './presentation/links.resolver.ts';
import { payloadResolvers } from './presentation/payloads.resolver.ts';
import { policy } from './presentation/policy.ts';
import { ItemRevisionsResolver, RevisionsResolver } from './presentation/revisions.resolver.ts';
import { TruthsResolver } from './presentation/truths.resolver.ts';
import { UploadsResolver } from './presentation/uploads.resolver.ts';

export const slice: Slice = {
  name: 'collections',
  resolvers: [
    CollectionsResolver, CollectionMembersResolver, ItemsResolver, CollectionItemsResolver, ItemRevisionsResolver, RevisionsResolver, ItemLinksResolver, LinksResolver, UploadsResolver, ItemChangesResolver, ApiKeysResolver, TruthsResolver,
    ...jobResolvers, ...fileResolvers, ...payloadResolvers,
  ],
  types: [CollectionType, ItemType, UserStub, ApiKeyStub, ...jobTypes],
  policy,
};

const HOUR_MS = 3_600_000;

export async function start(resources: Resources): Promise<Service> {
  const { settings, log, openDatabase, events, ask, objects, secret } = resources;
  const database = await openDatabase({ service: 'collections', tables, migrations });
  const { work, look, glance } = deskOver(database, { ports: portsOver, views: viewsOver, conflicts, told: events.told });
  const attachments = filesOver(resources, database);
  const see = { seeAttachments: attachments.see, seeCollections: seeCollections({ glance }), seeItems: seeItems({ look, glance }), seeRevisions: seeRevisions({ glance }), seeLinks: seeLinks({ glance }) };
  const newsroom = openNewsroom({ events, waitingMax: settings.STREAM_QUEUE_EVENTS });
  const jobs = jobsOver(resources, database);
  const given = { work, look, people: askedPeople(ask), files: objectFiles(objects), ...see };
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
    new CollectionItemsResolver(see.seeItems, pagesOf<ListedItem>(secret, 'items', ({ place }) => place)),
    new ItemRevisionsResolver({ restoreRevision: restoreRevision(given) }, pagesOf<Revision>(secret, 'item revisions', ({ version }) => [String(version)])),
    new RevisionsResolver(),
    new ItemLinksResolver({ linkItems: linkItems(given), unlinkItems: unlinkItems(given) }, pagesOf<ItemLink>(secret, 'item links', placeOf)),
    new LinksResolver(),
    new UploadsResolver({ createUpload: createUpload(given) }),
    new ItemChangesResolver(),
    new ApiKeysResolver(),
    new TruthsResolver(tellTruths({ look })),
    ...jobs.resolvers,
    ...attachments.resolvers,
    ...payloadResolvers.map((Payload) => new Payload()),
  ];
  const graph = graphOf({ slice, resolvers, references, context: contextOver({ ...see, ...jobs.see, followItemChanges: followByCursor(followItemChanges({ newsroom, look, ...see }), secret) }), once: onceOver(database, secret), log });

  events.listen([onMemberRemoved(given), onEntitlementsChanged({ work })]);
  events.sweep({ name: 'collections old results', everyMs: HOUR_MS, round: () => forgetOldResults(database) });
  return { name: 'collections', graph, ready: () => database.ping(), stop: async () => newsroom.stop(), demo: (place) => makeDemoCollections(given)(place as DemoPlace) };
}
