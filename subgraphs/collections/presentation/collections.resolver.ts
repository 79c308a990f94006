import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { isId } from '../../../platform/ids.ts';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { CreateCollection } from '../application/create-collection.ts';
import type { DeleteCollection } from '../application/delete-collection.ts';
import type { SeeCollections } from '../application/see-collections.ts';
import type { ShareCollection } from '../application/share-collection.ts';
import type { UnshareCollection } from '../application/unshare-collection.ts';
import type { UpdateCollection } from '../application/update-collection.ts';
import type { CollectionView } from '../domain/collection-view.ts';
import { EVERYONE, type CollectionMember } from '../domain/share.ts';
import {
  CollectionConnection, CollectionFilterType, CollectionMemberConnection, CollectionMemberType, CollectionType, CreateCollectionInputType, CreateCollectionPayload, DeleteCollectionInputType,
  DeleteCollectionPayload, ShareCollectionInputType, ShareCollectionPayload, UnshareCollectionInputType, UnshareCollectionPayload, UpdateCollectionInputType, UpdateCollectionPayload, personOf, UserStub,
} from './collection.graph.ts';
import type { Context } from './context.ts';

interface Asked {
  createCollection: CreateCollection; updateCollection: UpdateCollection; deleteCollection: DeleteCollection;
  shareCollection: ShareCollection; unshareCollection: UnshareCollection;
}
interface PagesOf { collections: Pages<CollectionView>; members: Pages<CollectionMember> }
const INPUT = { description: 'What to do.' };

@Resolver(() => CollectionType)
export class CollectionsResolver {
  constructor(private readonly ask: Asked, private readonly see: SeeCollections, private readonly pages: PagesOf) {}

  @Query(() => CollectionType, { nullable: true, description: 'A collection that the caller has a part in.' })
  collection(@Arg('id', () => ID, { description: 'Which one.' }) id: string, @Ctx() { collections }: Context): Promise<CollectionView | null> | null {
    return isId('col', id) ? collections.load(id) : null;
  }
  @Query(() => CollectionConnection, { nullable: true, description: 'The collections that the caller has a part in, the newest first.' })
  async collections(@Args(() => PageArgs) args: PageArgs, @Arg('filter', () => CollectionFilterType, { nullable: true, description: 'Which of them.' }) filter: CollectionFilterType | null, @Ctx() { viewer }: Context): Promise<Connection<CollectionView>> {
    const request = this.pages.collections.request(args, `${viewer.tenantId} ${JSON.stringify(filter ?? {})}`);
    return this.pages.collections.connection(pageOf(await this.see.page(viewer, request, filter ?? {}), request.first), request);
  }

  @FieldResolver(() => Int, { description: 'How many items it has.' })
  itemCount(@Root() { id }: CollectionView, @Ctx() { itemCounts }: Context): Promise<number> { return itemCounts.load(id).then((count) => count ?? 0); }
  @FieldResolver(() => [String], { description: 'The tags that its items carry, in the order of the alphabet; a thousand at most.' })
  tags(@Root() { id }: CollectionView, @Ctx() { collectionTags }: Context): Promise<string[]> { return collectionTags.load(id).then((tags) => tags ?? []); }
  @FieldResolver(() => UserStub, { nullable: true, description: 'Who made it; null when a key did.' })
  createdBy(@Root() { createdBy }: CollectionView): UserStub | null { return personOf(createdBy); }
  @FieldResolver(() => CollectionMemberConnection, { nullable: true, description: 'Who has a part in it, the longest first.' })
  async members(@Root() { id }: CollectionView, @Args(() => PageArgs) args: PageArgs, @Ctx() { viewer }: Context): Promise<Connection<CollectionMember>> {
    const request = this.pages.members.request(args, id);
    return this.pages.members.connection(pageOf(await this.see.members(viewer, id, request), request.first), request);
  }

  @Mutation(() => CreateCollectionPayload, { description: 'Makes a collection that nobody else sees until it is shared, but who administers the tenant.' })
  createCollection(@Arg('input', () => CreateCollectionInputType, INPUT) input: CreateCollectionInputType, @Ctx() { viewer }: Context): unknown { return this.ask.createCollection(viewer, input); }
  @Mutation(() => UpdateCollectionPayload, { description: 'Changes what a collection is called and says about itself.' })
  updateCollection(@Arg('input', () => UpdateCollectionInputType, INPUT) input: UpdateCollectionInputType, @Ctx() { viewer }: Context): unknown { return this.ask.updateCollection(viewer, input); }
  @Mutation(() => DeleteCollectionPayload, { description: 'Deletes a collection with everything in it, for everybody at once and for good: unlike an item, nobody brings it back.' })
  deleteCollection(@Arg('input', () => DeleteCollectionInputType, INPUT) input: DeleteCollectionInputType, @Ctx() { viewer }: Context): unknown { return this.ask.deleteCollection(viewer, input); }
  @Mutation(() => ShareCollectionPayload, { description: 'Gives a person of the tenant, or everyone, a part in a collection, or changes what they may do in it.' })
  shareCollection(@Arg('input', () => ShareCollectionInputType, INPUT) input: ShareCollectionInputType, @Ctx() { viewer }: Context): unknown { return this.ask.shareCollection(viewer, input); }
  @Mutation(() => UnshareCollectionPayload, { description: 'Takes a part in a collection away, or gives up the own one.' })
  unshareCollection(@Arg('input', () => UnshareCollectionInputType, INPUT) input: UnshareCollectionInputType, @Ctx() { viewer }: Context): unknown { return this.ask.unshareCollection(viewer, input); }
}

@Resolver(() => CollectionMemberType)
export class CollectionMembersResolver {
  @FieldResolver(() => UserStub, { nullable: true, description: 'Who it is; null for everyone.' })
  user(@Root() { who }: CollectionMember): UserStub | null { return who === EVERYONE ? null : { id: who }; }
  @FieldResolver(() => Boolean, { description: 'Whether it is all who are at least MEMBER in the tenant.' })
  everyone(@Root() { who }: CollectionMember): boolean { return who === EVERYONE; }
}
