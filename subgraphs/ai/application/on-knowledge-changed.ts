/** Forgets answers that may not be given again: what they were made from, or who sees it, is not as it was. */
import type { Envelope, EventType } from '../../../platform/event.ts';
import type { CollectionId } from '../../../platform/ids.ts';
import { consumeSeveralOutside } from '../../../platform/outbox/inbox.ts';
import type { Work } from '../../../platform/work.ts';
import { collectionDeleted, collectionShared, collectionUnshared, itemCreated, itemDeleted, itemRestored, itemsImported, itemUpdated } from '../../collections/events.ts';
import { apiKeyRevoked, apiKeyUpdated, memberRemoved, memberRoleChanged } from '../../tenants/events.ts';
import type { Ports } from '../domain/ports.ts';
import { selfIn } from './make-answers.ts';

type Body = { collectionId?: CollectionId };
const HEARD = [
  itemCreated, itemUpdated, itemDeleted, itemRestored, itemsImported, collectionShared, collectionUnshared, collectionDeleted,
  memberRemoved, memberRoleChanged, apiKeyUpdated, apiKeyRevoked,
] as unknown as readonly EventType<Body>[];

/** Never renamed, for its place in the log goes by it. Twice is once: what is forgotten is gone. */
export const onKnowledgeChanged = ({ work }: { work: Work<Ports> }) => consumeSeveralOutside('remembered answers', HEARD, async ({ tenant, body }: Envelope<Body>) => {
  if (tenant !== null) await work(selfIn(tenant), ({ remembered }) => remembered.forget(body.collectionId ?? null));
});
