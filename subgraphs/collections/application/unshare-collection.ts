import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Collection } from '../domain/collection.ts';
import type { Ports } from '../domain/ports.ts';
import { holdCollection, notFound, pastShares } from './reach-collection.ts';
import { whoIn, type WithWhom } from './share-collection.ts';

export type UnshareCollection = ReturnType<typeof unshareCollection>;

/** Whoever has a part may give it up; to take somebody else's away one must be an owner. Without any, only who administers the tenant still reaches it. */
export const unshareCollection = (given: { work: Work<Ports> }) => (viewer: Viewer, input: WithWhom & { collectionId: string }): Promise<{ collection: Collection }> => {
  const who = whoIn(input);
  return given.work(pastShares(viewer), async (ports) => {
    const collection = await holdCollection(viewer, input.collectionId, who === viewer.userId ? 'VIEWER' : 'OWNER', ports, 'collectionId');
    const share = await ports.shares.of(collection.id, who);
    if (!share) throw notFound('userId');
    collection.unshare(share);
    ports.shares.remove(share);
    return { collection };
  });
};
