import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { SeeItems } from '../application/see-items.ts';
import type { CollectionView } from '../domain/collection-view.ts';
import { queryOf } from '../domain/item-query.ts';
import type { ItemSeen } from '../domain/item.ts';
import type { ListedItem } from '../domain/ports.ts';
import { CollectionType } from './collection.graph.ts';
import type { Context } from './context.ts';
import { ItemFilterType, ItemOrderType } from './item-query.graph.ts';
import { ItemConnection } from './item.graph.ts';

@Resolver(() => CollectionType)
export class CollectionItemsResolver {
  constructor(private readonly see: SeeItems, private readonly pages: Pages<ListedItem>) {}

  @FieldResolver(() => ItemConnection, { nullable: true, description: 'Its items, the newest first when no order is given.' })
  async items(
    @Root() { id }: CollectionView, @Args(() => PageArgs) args: PageArgs,
    @Arg('filter', () => ItemFilterType, { nullable: true, description: 'Which of them.' }) filter: ItemFilterType | null,
    @Arg('orderBy', () => ItemOrderType, { nullable: true, description: 'In which order.' }) orderBy: ItemOrderType | null,
    @Ctx() { viewer }: Context,
  ): Promise<Connection<ItemSeen>> {
    const query = queryOf(filter ?? {}, orderBy ?? undefined);
    // A cursor is one of this list in this order: elsewhere it would mean another place.
    const request = this.pages.request(args, JSON.stringify([id, query.order.field, query.order.direction, sorted(query.filter)]));
    const { edges, nodes, pageInfo } = this.pages.connection(pageOf(await this.see.page(viewer, id, request, query), request.first), request);
    return { edges: edges.map((edge) => ({ get cursor() { return edge.cursor; }, node: edge.node.item })), nodes: nodes.map(({ item }) => item), pageInfo };
  }
}

/** The same filter in another order of its fields is the same, and so is one that says null instead of nothing. */
const sorted = (filter: object): unknown[] => Object.entries(filter).filter(([, value]) => value != null).sort(([a], [b]) => (a < b ? -1 : 1));
