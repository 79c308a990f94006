import { Ctx, Directive, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { ListSize } from '../../../platform/cost.ts';
import { isId, type CollectionId } from '../../../platform/ids.ts';
import type { CollectionView } from '../domain/collection-view.ts';
import { CollectionType } from './collection.graph.ts';
import type { Context } from './context.ts';

/** Whatever a key is, tenants knows, and which collections it is held to; what those are is known here, and to whom they may be shown. */
@Directive('@key(fields: "id")')
@ObjectType('ApiKey', { description: 'What a program signs in with.' })
export class ApiKeyStub {
  @Field(() => ID, { description: 'Opaque, typed and sortable.' }) id!: string;
  @Directive('@external')
  @Field(() => [ID], { nullable: true, description: 'The collections it is held to.' }) collectionIds!: string[] | null;
}

@Resolver(() => ApiKeyStub)
export class ApiKeysResolver {
  @ListSize({ assumedSize: 10 })
  @Directive('@requires(fields: "collectionIds")')
  @FieldResolver(() => [CollectionType], { nullable: 'itemsAndList', description: 'The collections it is held to, with null for each that the caller may not see; null for all that its scopes reach.' })
  collections(@Root() { collectionIds }: ApiKeyStub, @Ctx() { collections }: Context): Promise<CollectionView | null>[] | null {
    return collectionIds?.map((id) => (isId('col', id) ? collections.load(id as CollectionId) : Promise.resolve(null))) ?? null;
  }
}
