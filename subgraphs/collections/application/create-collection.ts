import { AtlasError } from '../../../platform/errors.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { Collection } from '../domain/collection.ts';
import type { Json } from '../domain/json.ts';
import { refuseBeyondPlan } from '../domain/plan-limits.ts';
import type { Ports } from '../domain/ports.ts';
import { pastShares, tenantOf } from './reach-collection.ts';

const COLLECTIONS_MAX = 10_000;

export interface CreateCollectionInput { name: string; description?: string | null; settings?: Json | null }
export type CreateCollection = ReturnType<typeof createCollection>;

/** Whoever makes a collection is its first owner; one that a key makes belongs to whoever made the key. */
export const createCollection = (given: { work: Work<Ports> }) => (viewer: Viewer, input: CreateCollectionInput): Promise<{ collection: Collection }> => {
  const tenantId = tenantOf(viewer);
  if (viewer.collectionIds !== null) throw new AtlasError('FORBIDDEN', 'A key that is held to collections makes no others.', { missing: 'a key for all collections' });
  return given.work(pastShares(viewer), async ({ collections, shares, room }) => {
    const [had, { limits }] = await Promise.all([collections.count(tenantId), room.standing(tenantId)]);
    refuseBeyondPlan('collections', { limit: limits.collections, had, more: 1 });
    if (had >= COLLECTIONS_MAX) throw new AtlasError('LIMIT_REACHED', `A tenant has at most ${COLLECTIONS_MAX} collections.`);
    const collection = Collection.create({ tenantId, by: viewer.id, terms: { ...input, settings: input.settings ?? {} } });
    collections.add(collection);
    if (viewer.standsFor !== null) shares.add(collection.share(viewer.standsFor, 'OWNER', null));
    return { collection };
  });
};
