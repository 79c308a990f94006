/** How items hang together: words for it, and the walk from one to the next. */
import type { CollectionId, ItemId, TenantId } from '../../../platform/ids.ts';
import { invalid } from '../../../platform/text.ts';

export const RELATED = 'related';
export const DEPTH_MAX = 5;
/** Whatever hangs on it: a walk answers no more links, and goes on from no more items. So do all walks together that begin at once. */
export const REACHED_MAX = 500;
const FANOUT_MAX = 25;
/** From however many items walks begin at once, one step asks for so many links of all of them together. */
const NEAREST_MAX = 20_000;

const KIND = /^[a-z][a-z0-9-]{0,39}$/;
export function kindOf(typed: string, refuse = invalid): string {
  if (!KIND.test(typed)) throw refuse('A kind is a lower-case word of up to 40 letters, digits and hyphens.', 'kind');
  return typed;
}

export interface Link { tenantId: TenantId; fromId: ItemId; toId: ItemId; kind: string; fromCollectionId: CollectionId; toCollectionId: CollectionId; by: string }

/** A link as it looks from one of its ends. */
export interface LinkSeen { near: ItemId; far: ItemId; kind: string; outgoing: boolean }
export type LinkDirection = 'OUTGOING' | 'INCOMING';
export interface ItemLink { kind: string; itemId: ItemId; depth: number; direction: LinkDirection }

/** Every link of these items, so many of each and in each direction at most, in the order of kind and id. */
export type Step = (ids: readonly ItemId[], max: number) => Promise<readonly LinkSeen[]>;

/**
 * From each of these items to what hangs on it, and on to what hangs on that. An item stands where it is reached first,
 * once for each link that reaches it there; so a ring ends where it began. The order is that of a list: the nearest first.
 */
export async function walk(roots: readonly ItemId[], depth: number, step: Step): Promise<Map<ItemId, ItemLink[]>> {
  const walks = roots.map((root) => ({ root, seen: new Set([root]), edge: [root], links: [] as ItemLink[] }));
  for (let far = 1; far <= depth; far += 1) {
    const going = walks.filter(({ edge }) => edge.length > 0);
    if (going.length === 0) break;
    if (far > 1) for (const each of going) each.edge = each.edge.slice(0, Math.max(1, Math.floor(REACHED_MAX / going.length)));
    const edges = [...new Set(going.flatMap(({ edge }) => edge))];
    const around = byNear(await step(edges, far > 1 ? FANOUT_MAX : Math.max(FANOUT_MAX, Math.min(REACHED_MAX, Math.floor(NEAREST_MAX / edges.length)))));
    for (const each of going) {
      const reached = inOrder(each.edge.flatMap((near) => around.get(near) ?? []).filter((link) => !each.seen.has(link.far))).slice(0, REACHED_MAX - each.links.length);
      each.links.push(...reached.map(({ kind, far: itemId, outgoing }) => ({ kind, itemId, depth: far, direction: outgoing ? 'OUTGOING' as const : 'INCOMING' as const })));
      each.edge = [...new Set(reached.map((link) => link.far))];
      for (const id of each.edge) each.seen.add(id);
    }
  }
  return new Map(walks.map(({ root, links }) => [root, links]));
}

/** Two ways that end in the same place by the same kind of link are one. */
function inOrder(links: readonly LinkSeen[]): LinkSeen[] {
  const byPlace = new Map(links.map((link) => [placeOf(link), link]));
  return [...byPlace].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, link]) => link);
}
const placeOf = ({ kind, far, outgoing }: LinkSeen): string => `${kind} ${outgoing ? 0 : 1} ${far}`;

function byNear(links: readonly LinkSeen[]): Map<ItemId, LinkSeen[]> {
  const around = new Map<ItemId, LinkSeen[]>();
  for (const link of links) {
    const known = around.get(link.near);
    if (known) known.push(link);
    else around.set(link.near, [link]);
  }
  return around;
}
