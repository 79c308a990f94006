import { AtlasError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import { invalid } from '../../../platform/text.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Collection } from '../domain/collection.ts';
import type { People, Ports } from '../domain/ports.ts';
import type { CollectionRole } from '../domain/role.ts';
import { EVERYONE, memberOf, type CollectionMember, type Who } from '../domain/share.ts';
import { holdCollection, notFound, pastShares, tenantOf } from './reach-collection.ts';

const SHARES_MAX = 1_000;

/** Exactly one of the two. */
export interface WithWhom { userId?: string | null; everyone?: boolean | null }
export interface ShareCollectionInput extends WithWhom { collectionId: string; role: CollectionRole }
export type ShareCollection = ReturnType<typeof shareCollection>;

export function whoIn({ userId, everyone }: WithWhom): Who {
  if ((userId == null) === (everyone !== true)) throw invalid('Either userId, or everyone: true.', 'userId');
  if (userId == null) return EVERYONE;
  if (!isId('usr', userId)) throw notFound('userId');
  return userId;
}

/** Gives somebody who belongs to the tenant a part in a collection, or changes the one they have. */
export const shareCollection = (given: { work: Work<Ports>; people: People }) => async (viewer: Viewer, input: ShareCollectionInput): Promise<{ collection: Collection; member: CollectionMember }> => {
  const who = whoIn(input);
  const tenantId = tenantOf(viewer);
  // Before the work, which waits for no other service.
  const known = who === EVERYONE || await given.people.isMember(tenantId, who);
  return given.work(pastShares(viewer), async (ports) => {
    const collection = await holdCollection(viewer, input.collectionId, 'OWNER', ports, 'collectionId');
    if (!known) throw notFound('userId');
    const existing = await ports.shares.of(collection.id, who);
    if (!existing && await ports.shares.count(collection.id) >= SHARES_MAX) throw new AtlasError('LIMIT_REACHED', `A collection is shared with at most ${SHARES_MAX} people; share it with everyone.`);
    const share = collection.share(who, input.role, existing);
    if (!existing) ports.shares.add(share);
    return { collection, member: memberOf(share) };
  });
};
