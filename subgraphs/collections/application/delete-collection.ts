import type { CollectionId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import { holdCollection } from './reach-collection.ts';

export type DeleteCollection = ReturnType<typeof deleteCollection>;

export const deleteCollection = (given: { work: Work<Ports> }) => (viewer: Viewer, { id }: { id: string }): Promise<{ collectionId: CollectionId }> =>
  given.work(viewer, async (ports) => {
    const collection = await holdCollection(viewer, id, 'OWNER', ports);
    collection.delete();
    return { collectionId: collection.id };
  });
