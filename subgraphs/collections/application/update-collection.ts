import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Collection, CollectionTerms } from '../domain/collection.ts';
import type { Ports } from '../domain/ports.ts';
import { holdCollection } from './reach-collection.ts';

export type UpdateCollection = ReturnType<typeof updateCollection>;

export const updateCollection = (given: { work: Work<Ports> }) => (viewer: Viewer, { id, ...terms }: CollectionTerms & { id: string }): Promise<{ collection: Collection }> =>
  given.work(viewer, async (ports) => {
    const collection = await holdCollection(viewer, id, 'OWNER', ports);
    collection.update(terms);
    return { collection };
  });
