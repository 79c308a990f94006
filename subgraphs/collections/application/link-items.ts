import { AtlasError } from '../../../platform/errors.ts';
import { isId, type ItemId } from '../../../platform/ids.ts';
import { invalid } from '../../../platform/text.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Item } from '../domain/item.ts';
import { kindOf, RELATED } from '../domain/link.ts';
import type { Ports } from '../domain/ports.ts';
import { holdItem } from './hold-item.ts';
import { notFound, tenantOf } from './reach-collection.ts';

const TARGETS_MAX = 100;
const LINKS_MAX = 500;

export interface LinkItemsInput { fromId: string; toIds: readonly string[]; kind?: string | null }
export type LinkItems = ReturnType<typeof linkItems>;

/** Each once. What is no id of an item is not there. */
export function targetsOf({ toIds }: LinkItemsInput): ItemId[] {
  if (toIds.length < 1 || toIds.length > TARGETS_MAX) throw invalid(`1 to ${TARGETS_MAX} items.`, 'toIds');
  return [...new Set(toIds.map((id, at) => {
    if (!isId('itm', id)) throw notFound('toIds', String(at));
    return id;
  }))];
}

/** From an item that the caller may change to others that they see, also of other collections. What is linked already stays so. */
export const linkItems = (given: { work: Work<Ports> }) => async (viewer: Viewer, input: LinkItemsInput): Promise<{ item: Item }> => {
  const [tenantId, kind, toIds] = [tenantOf(viewer), kindOf(input.kind ?? RELATED), targetsOf(input)];
  return given.work(viewer, async (ports) => {
    const item = await holdItem(viewer, input.fromId, ports, 'fromId');
    item.refuseDeleted('fromId');
    if (toIds.includes(item.id)) throw invalid('An item is not linked to itself.', 'toIds');
    const seen = new Map((await ports.items.byIds(toIds)).filter(({ deletedAt }) => deletedAt === null).map((each) => [each.id, each]));
    const missing = toIds.find((id) => !seen.has(id));
    if (missing) throw notFound('toIds', String(input.toIds.indexOf(missing)));
    const added = await ports.links.add(toIds.map((toId) => ({ tenantId, kind, toId, fromId: item.id, fromCollectionId: item.collectionId, toCollectionId: seen.get(toId)!.collectionId, by: viewer.id })));
    if (added.length > 0 && await ports.links.count(item.id) > LINKS_MAX) throw new AtlasError('LIMIT_REACHED', `At most ${LINKS_MAX} links begin at an item.`);
    if (added.length > 0) item.link(kind, added);
    return { item };
  });
};
