import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Cost } from '../../../platform/cost.ts';
import { pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { LinkItems } from '../application/link-items.ts';
import type { UnlinkItems } from '../application/unlink-items.ts';
import type { ItemSeen } from '../domain/item.ts';
import type { ItemLink } from '../domain/link.ts';
import type { Context } from './context.ts';
import { ItemType } from './item.graph.ts';
import { ItemLinkConnection, ItemLinkType, LinkItemsInputType, LinkItemsPayload, LinksArgs, UnlinkItemsInputType, UnlinkItemsPayload } from './link.graph.ts';

/** What is nearest is looked up item by item: dearer than a page that is only read. */
const NEAREST_WEIGHT = 10;
const INPUT = { description: 'What to do.' };

@Resolver(() => ItemType)
export class ItemLinksResolver {
  constructor(private readonly ask: { linkItems: LinkItems; unlinkItems: UnlinkItems }, private readonly pages: Pages<ItemLink>) {}

  @Cost(NEAREST_WEIGHT)
  @FieldResolver(() => ItemLinkConnection, { nullable: true, description: 'What hangs together with it, the nearest first, as far as the caller sees it: what they do not see is no bridge either. At most 500 links; beyond the first step, 25 of each item in each direction. What is asked of a whole page of items at once goes on from 500 items at most, of all of them together.' })
  async links(@Root() { id }: ItemSeen, @Args(() => LinksArgs) { kind, depth, ...args }: LinksArgs, @Ctx() { links }: Context): Promise<Connection<ItemLink>> {
    const walked = { kind: kind ?? null, depth: depth ?? 1 };
    const request = this.pages.request(args, JSON.stringify([id, walked]));
    const found = await links.load({ itemId: id, ...walked }) ?? [];
    const from = request.after ? found.findIndex((link) => isBeyond(placeOf(link), request.after!)) : 0;
    return this.pages.connection(pageOf(from < 0 ? [] : found.slice(from, from + request.first + 1), request.first), request);
  }
  @Mutation(() => LinkItemsPayload, { description: 'Links an item to others.' })
  linkItems(@Arg('input', () => LinkItemsInputType, INPUT) input: LinkItemsInputType, @Ctx() { viewer }: Context): unknown { return this.ask.linkItems(viewer, input); }
  @Mutation(() => UnlinkItemsPayload, { description: 'Takes links between items away.' })
  unlinkItems(@Arg('input', () => UnlinkItemsInputType, INPUT) input: UnlinkItemsInputType, @Ctx() { viewer }: Context): unknown { return this.ask.unlinkItems(viewer, input); }
}

@Resolver(() => ItemLinkType)
export class LinksResolver {
  @FieldResolver(() => ItemType, { nullable: true, description: 'The item.' })
  item(@Root() { itemId }: ItemLink, @Ctx() { items }: Context): Promise<ItemSeen | null> { return items.load(itemId); }
}

/** What the order of a walk goes by; outgoing links come before incoming ones. */
export const placeOf = ({ depth, kind, direction, itemId }: ItemLink): string[] => [String(depth), kind, direction === 'OUTGOING' ? '0' : '1', itemId];
function isBeyond(place: readonly string[], after: readonly string[]): boolean {
  const at = place.findIndex((part, index) => part !== after[index]);
  return at >= 0 && place[at]! > after[at]!;
}
