import { Arg, Ctx, FieldResolver, ID, Resolver, Root, Subscription } from 'type-graphql';
import { requestInfo } from '../../../platform/request.ts';
import type { ItemSeen } from '../domain/item.ts';
import type { Context } from './context.ts';
import type { ItemChangeWithCursor } from './item-change-cursors.ts';
import { ItemChangeType } from './item-change.graph.ts';
import { ItemType } from './item.graph.ts';

interface Given { args: { collectionId?: string | null; after?: string | null }; context: Context }

const follow = ({ args: { collectionId, after }, context: { viewer, followItemChanges } }: Given): Promise<AsyncIterable<ItemChangeWithCursor>> =>
  followItemChanges(viewer, { collectionId: collectionId ?? null, after: after ?? null, signal: requestInfo()?.signal ?? new AbortController().signal });

@Resolver(() => ItemChangeType)
export class ItemChangesResolver {
  @Subscription(() => ItemChangeType, { nullable: true, description: 'What becomes of items, as it happens: of one collection, or of all that the caller sees.', subscribe: follow as never })
  itemChanged(
    @Root() change: ItemChangeWithCursor,
    @Arg('collectionId', () => ID, { nullable: true, description: 'The collection; without it, all that the caller sees, also those that are shared with them later.' }) _collectionId?: string | null,
    @Arg('after', () => String, { nullable: true, description: 'The cursor of the last change that arrived: what came after it is told first. Without it, from now on.' }) _after?: string | null,
  ): ItemChangeWithCursor { return change; }

  @FieldResolver(() => ItemType, { nullable: true, description: 'The item as it is now; null when the caller may not see it, or it is deleted.' })
  item(@Root() { itemId }: ItemChangeWithCursor, @Ctx() { items }: Context): Promise<ItemSeen | null> { return items.load(itemId); }
}
