import type { ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { SeeLinks } from '../application/see-links.ts';
import type { ItemLink } from '../domain/link.ts';

export interface LinksAsked { itemId: ItemId; kind: string | null; depth: number }

/** One walk for all items of a page that go the same way: as many walks as the document asks for, however many items it is asked of. */
export async function linksOf(see: SeeLinks, viewer: Viewer, asked: readonly LinksAsked[]): Promise<(ItemLink[] | Error)[]> {
  const ways = new Map(asked.map(({ kind, depth }) => [JSON.stringify([kind, depth]), { kind, depth }]));
  const walks = new Map(await Promise.all([...ways].map(async ([way, given]) => {
    const ids = asked.filter(({ kind, depth }) => kind === given.kind && depth === given.depth).map(({ itemId }) => itemId);
    // What is wrong with one way is told of that one alone.
    return [way, await see.from(viewer, ids, given).catch((error: Error) => error)] as const;
  })));
  return asked.map(({ itemId, kind, depth }) => {
    const walk = walks.get(JSON.stringify([kind, depth]))!;
    return walk instanceof Error ? walk : walk.get(itemId) ?? [];
  });
}
