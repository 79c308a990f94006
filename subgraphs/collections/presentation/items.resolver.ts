import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { AtlasError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import type { CreateItem } from '../application/create-item.ts';
import type { DeleteItem } from '../application/delete-item.ts';
import type { RestoreItem } from '../application/restore-item.ts';
import type { UpdateItem } from '../application/update-item.ts';
import type { CollectionView } from '../domain/collection-view.ts';
import type { ItemSeen } from '../domain/item.ts';
import { CollectionType, personOf, UserStub } from './collection.graph.ts';
import type { Context } from './context.ts';
import {
  CreateItemInputType, CreateItemPayload, DeleteItemInputType, DeleteItemPayload, ItemType, RestoreItemInputType, RestoreItemPayload, UpdateItemInputType, UpdateItemPayload,
} from './item.graph.ts';

/** Purged, or taken from the caller, between the item and what hangs on it. */
function stillThere<Found>(found: Found | null): Found {
  if (found === null) throw new AtlasError('NOT_FOUND');
  return found;
}

interface Asked { createItem: CreateItem; updateItem: UpdateItem; deleteItem: DeleteItem; restoreItem: RestoreItem }
const INPUT = { description: 'What to do.' };

@Resolver(() => ItemType)
export class ItemsResolver {
  constructor(private readonly ask: Asked) {}

  @Query(() => ItemType, { nullable: true, description: 'An item of a collection that the caller has a part in.' })
  item(@Arg('id', () => ID, { description: 'Which one.' }) id: string, @Ctx() { items }: Context): Promise<ItemSeen | null> | null {
    return isId('itm', id) ? items.load(id) : null;
  }

  @FieldResolver(() => CollectionType, { description: 'The collection that it belongs to.' })
  collection(@Root() { collectionId }: ItemSeen, @Ctx() { collections }: Context): CollectionView | Promise<CollectionView> {
    const found = collections.at(collectionId);
    return found instanceof Promise ? found.then(stillThere) : stillThere(found);
  }
  @FieldResolver()
  body(@Root() { id, version, body }: ItemSeen, @Ctx() { revisionBodies }: Context): string | Promise<string> { return body ?? revisionBodies.load({ itemId: id, version }).then(stillThere); }
  @FieldResolver(() => UserStub, { nullable: true, description: 'Who made it; null when a key or an import did.' })
  createdBy(@Root() { createdBy }: ItemSeen): UserStub | null { return personOf(createdBy); }
  @FieldResolver(() => UserStub, { nullable: true, description: 'Who changed it last; null when a key or an import did.' })
  updatedBy(@Root() { updatedBy }: ItemSeen): UserStub | null { return personOf(updatedBy); }

  @Mutation(() => CreateItemPayload, { description: 'Puts an item into a collection.' })
  createItem(@Arg('input', () => CreateItemInputType, INPUT) input: CreateItemInputType, @Ctx() { viewer }: Context): unknown { return this.ask.createItem(viewer, input); }
  @Mutation(() => UpdateItemPayload, { description: 'Changes an item, unless somebody else has changed it since it was read.' })
  updateItem(@Arg('input', () => UpdateItemInputType, INPUT) input: UpdateItemInputType, @Ctx() { viewer }: Context): unknown { return this.ask.updateItem(viewer, input); }
  @Mutation(() => DeleteItemPayload, { description: 'Deletes an item. It can be restored for 30 days.' })
  deleteItem(@Arg('input', () => DeleteItemInputType, INPUT) input: DeleteItemInputType, @Ctx() { viewer }: Context): unknown { return this.ask.deleteItem(viewer, input); }
  @Mutation(() => RestoreItemPayload, { description: 'Brings a deleted item back as it was.' })
  restoreItem(@Arg('input', () => RestoreItemInputType, INPUT) input: RestoreItemInputType, @Ctx() { viewer }: Context): unknown { return this.ask.restoreItem(viewer, input); }
}
