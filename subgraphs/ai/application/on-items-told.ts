import type { Envelope, EventType } from '../../../platform/event.ts';
import type { CollectionId, ItemId } from '../../../platform/ids.ts';
import { consumeSeveralOutside } from '../../../platform/outbox/inbox.ts';
import type { Work } from '../../../platform/work.ts';
import { collectionDeleted, itemCreated, itemDeleted, itemRestored, itemsImported, itemUpdated } from '../../collections/events.ts';
import { featureSet } from '../../tenants/events.ts';
import { enrichJob } from './enrich-items.ts';
import { selfIn } from './make-answers.ts';
import type { JobPorts } from './start-eval-run.ts';

/** A tenant that has this feature has its items left alone. */
export const NO_ENRICHMENT = 'no-enrichment';

type Body = { collectionId?: CollectionId; itemId?: ItemId; itemIds?: ItemId[]; name?: string; enabled?: boolean };
const HEARD = [itemCreated, itemUpdated, itemDeleted, itemRestored, itemsImported, collectionDeleted, featureSet] as unknown as readonly EventType<Body>[];

/** Never renamed, for its place in the log goes by it. A second job of the same finds nothing to do. */
export const onItemsTold = ({ work }: { work: Work<JobPorts> }) => consumeSeveralOutside('enrichment', HEARD, async ({ tenant, type, body }: Envelope<Body>) => {
  if (tenant === null) return;
  const { collectionId, itemId, itemIds } = body;
  await work(selfIn(tenant), async ({ enrichments, jobs }) => {
    if (type === featureSet.type) {
      if (body.name === NO_ENRICHMENT) await enrichments.switch(body.enabled ? 'off' : 'on');
    } else if (type === collectionDeleted.type) await enrichments.forgetCollection(collectionId!);
    else if (type === itemDeleted.type) await enrichments.forget([itemId!]);
    else if (!await enrichments.isOff()) await jobs.enqueue(enrichJob, { itemIds: itemIds ?? [itemId!] }, { by: selfIn(tenant) });
  });
});
