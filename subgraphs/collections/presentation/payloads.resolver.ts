import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Class } from '../../../platform/graph-types.ts';
import type { CollectionView } from '../domain/collection-view.ts';
import { CollectionType, CreateCollectionPayload, ShareCollectionPayload, UnshareCollectionPayload, UpdateCollectionPayload } from './collection.graph.ts';
import type { Context } from './context.ts';

/** What a work answers is the collection as it is kept; what the caller may see of it is read after the commit, with the caller's role in it. */
function collectionOf(Payload: Class): new () => object {
  @Resolver(() => Payload as never)
  class PayloadResolver {
    @FieldResolver(() => CollectionType, { nullable: true })
    collection(@Root() { collection }: { collection?: Pick<CollectionView, 'id'> | null }, @Ctx() { collections }: Context): Promise<CollectionView | null> | null {
      return collection ? collections.load(collection.id) : null;
    }
  }
  return PayloadResolver;
}

export const payloadResolvers = [CreateCollectionPayload, UpdateCollectionPayload, ShareCollectionPayload, UnshareCollectionPayload].map(collectionOf);
