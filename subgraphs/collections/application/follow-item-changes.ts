import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { ChangePlace, ItemChange } from '../domain/item-change.ts';
import type { Ports } from '../domain/ports.ts';
import type { Follower } from './follower.ts';
import type { News } from './item-news.ts';
import type { Newsroom } from './newsroom.ts';
import { presentRights, type PresentRights, type Sight } from './present-rights.ts';
import { notFound, tenantOf } from './reach-collection.ts';
import type { SeeCollections } from './see-collections.ts';

interface Following { collectionId: string | null; after: ChangePlace | null; signal: AbortSignal }
export type FollowItemChanges = (viewer: Viewer, following: Following) => Promise<AsyncIterable<ItemChange>>;

/** What becomes of the items of one collection, or of all that the caller sees; each change is held to what they may see when it is delivered. */
export const followItemChanges = (given: { newsroom: Newsroom; look: Look<Ports>; seeCollections: SeeCollections }): FollowItemChanges => {
  const rights = presentRights(given);
  return async (viewer, { collectionId, after, signal }) => {
    const tenantId = tenantOf(viewer);
    if (collectionId !== null && !isId('col', collectionId)) throw notFound('collectionId');
    // Before anything is looked up: what happens meanwhile is theirs to know.
    const follower = given.newsroom.enter({ tenantId, collectionId, after: from(after) });
    const leave = () => given.newsroom.leave(follower);
    try {
      if (collectionId !== null && (await given.seeCollections.byIds(viewer, [collectionId])).length === 0) throw notFound('collectionId');
    } catch (error) {
      leave();
      throw error;
    }
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    return delivered({ viewer, follower, rights, after, leave: () => { signal.removeEventListener('abort', leave); leave(); } });
  };
};

/** Whoever left in the middle of an event is told the rest of it. */
const from = (after: ChangePlace | null): number | null => after && (after.told === null ? after.position : after.position - 1);

async function* delivered(given: { viewer: Viewer; follower: Follower; rights: PresentRights; after: ChangePlace | null; leave: () => void }): AsyncGenerator<ItemChange, void, undefined> {
  const { viewer, follower, after } = given;
  try {
    for (let burst = await follower.take(); burst.length > 0; burst = await follower.take()) {
      const lookAgain = () => given.rights.of(viewer, new Set(burst.map(({ collectionId }) => collectionId)));
      let sight: Sight = await lookAgain();
      for (const news of burst) {
        for (const change of changesIn(news, after)) {
          if (follower.isOver) break;
          if (!sight.isFresh()) sight = await lookAgain();
          if (sight.sees(news.collectionId)) yield change;
        }
      }
    }
  } finally {
    given.leave();
  }
}

function* changesIn({ position, kind, collectionId, itemIds }: News, after: ChangePlace | null): Generator<ItemChange> {
  const told = after?.position === position ? after.told! : 0;
  for (const [index, itemId] of itemIds.slice(told).entries()) {
    const upTo = told + index + 1;
    yield { kind, itemId, collectionId, place: { position, told: upTo === itemIds.length ? null : upTo } };
  }
}
