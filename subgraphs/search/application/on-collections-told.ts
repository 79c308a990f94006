import type { CollectionId, ItemId, TenantId } from '../../../platform/ids.ts';
import type { Envelope, EventType } from '../../../platform/event.ts';
import type { Jobs } from '../../../platform/jobs/jobs.ts';
import { consumeSeveralOutside, type Consumer } from '../../../platform/outbox/inbox.ts';
import { together, TOGETHER_MAX } from '../../../platform/outbox/together.ts';
import type { Look, Work } from '../../../platform/work.ts';
import {
  attachmentRead, attachmentRemoved, collectionDeleted, collectionUpdated, itemCreated, itemDeleted, itemRestored, itemsImported, itemUpdated,
} from '../../collections/events.ts';
import type { Ports } from '../domain/document-ports.ts';
import { ITEMS_AT_ONCE, selfIn, type HearItems } from './hear-items.ts';
import { refreshCollectionJob } from './index-jobs.ts';

/** The one consumer that keeps the documents: never renamed, for its place in the log goes by it. */
export const DOCUMENTS = 'documents';

type Body = { collectionId: CollectionId; itemId?: ItemId; itemIds?: ItemId[] };
/** Whatever may change what is found: of items, and of what they say through their collection and their files. */
export const HEARD = [
  itemCreated, itemUpdated, itemDeleted, itemRestored, itemsImported, attachmentRead, attachmentRemoved, collectionUpdated, collectionDeleted,
] as unknown as readonly EventType<Body>[];
/** While a collection changes, some of its items may just be heard of as they were before. */
const AFTERWARDS_MS = 2_000;

export type IndexPorts = Ports & { jobs: Jobs };

type Told = Envelope<Body>;
interface Given { work: Work<IndexPorts>; look: Look<Ports>; hearItems: HearItems<IndexPorts> }

export const onCollectionsTold = (given: Given): Consumer => {
  const hear = together<Told>({ keyOf: ({ tenant }) => tenant!, handle: (events) => hearAll(events, given) });
  const consumer = consumeSeveralOutside(DOCUMENTS, HEARD, (event) => (event.tenant === null ? Promise.resolve() : hear(event)));
  return { ...consumer, atOnce: TOGETHER_MAX };
};

/** All of one tenant. */
async function hearAll(events: readonly [Told, ...Told[]], given: Given): Promise<void> {
  const tenantId = events[0].tenant!;
  if (await given.look(selfIn(tenantId), ({ handled }) => handled.all(events.map(({ id }) => id)))) return;
  const ofItems = events.filter((event) => !isAboutAll(event));
  if (ofItems.length > 0) await hearOf(ofItems, ofItems.flatMap(({ body: { itemIds, itemId } }) => itemIds ?? [itemId!]), given);
  for (const event of events.filter(isAboutAll)) await hearOf([event], await firstOf(event.body.collectionId, tenantId, given), given);
}

const isAboutAll = ({ body: { itemId, itemIds } }: Told): boolean => itemIds === undefined && itemId === undefined;

async function hearOf(events: readonly Told[], ids: readonly ItemId[], given: Given): Promise<void> {
  const tenantId = events[0]!.tenant!;
  const done = async ({ handled, jobs }: IndexPorts): Promise<void> => {
    for (const { body: { collectionId } } of events.filter(isAboutAll)) await jobs.enqueue(refreshCollectionJob, { collectionId }, { by: selfIn(tenantId), afterMs: AFTERWARDS_MS });
    await handled.mark(events.map(({ id }) => id));
  };
  await given.hearItems({ tenantId, ids, done }).catch(async (error: unknown) => {
    // Of several each is tried by itself, and only then is anything said of its items.
    if (events.length === 1) await noteUnheard(ids, events[0]!, given);
    throw error;
  });
}

/** A small collection is as it should be at once; the job goes through all of any. */
const firstOf = async (collectionId: CollectionId, tenantId: TenantId, { look }: { look: Look<Ports> }): Promise<ItemId[]> =>
  (await look(selfIn(tenantId), ({ documents }) => documents.walk({ collectionId, after: null, first: ITEMS_AT_ONCE }))).map(({ itemId }) => itemId);

/** For whoever looks at one of them; where even that cannot be written, nothing is lost. */
const noteUnheard = (ids: readonly ItemId[], { tenant }: Envelope, { work }: { work: Work<IndexPorts> }): Promise<void> =>
  work(selfIn(tenant!), ({ unheard }) => unheard.note(ids)).catch(() => undefined);
