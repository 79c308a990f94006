import { Arg, Ctx, Directive, ID, Int, Query, Resolver } from 'type-graphql';
import { isId, type CollectionId, type ItemId } from '../../../platform/ids.ts';
import type { TellTruths } from '../application/tell-truths.ts';
import type { ToldTruths, WalkedItems } from '../domain/truth.ts';
import type { Context } from './context.ts';
import { ReachType, ToldTruthsType, WalkedItemsType, WalkedItemType } from './truth.graph.ts';

const itemsIn = (ids: readonly string[]) => ids.filter((id): id is ItemId => isId('itm', id));

@Resolver()
export class TruthsResolver {
  constructor(private readonly tell: TellTruths) {}

  @Directive('@inaccessible')
  @Query(() => ToldTruthsType, { nullable: true, description: 'What items say at this moment.' })
  truths(@Arg('ids', () => [ID], { description: 'Which, 500 at most.' }) ids: string[], @Ctx() { viewer }: Context): Promise<ToldTruths> {
    return this.tell.of(viewer, itemsIn(ids));
  }
  @Directive('@inaccessible')
  @Query(() => [WalkedItemType], { nullable: true, description: 'The marks of those items that are there.' })
  marks(@Arg('ids', () => [ID], { description: 'Which, 500 at most.' }) ids: string[], @Ctx() { viewer }: Context): Promise<WalkedItems['items']> {
    return this.tell.marks(viewer, itemsIn(ids));
  }
  @Directive('@inaccessible')
  @Query(() => WalkedItemsType, { nullable: true, description: 'The way through all live items of the tenant, or of one collection.' })
  walkItems(
    @Arg('first', () => Int, { description: 'How many at most.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'What the stretch before said is next.' }) after: string | null,
    @Arg('collectionId', () => ID, { nullable: true, description: 'Of this one alone.' }) collectionId: string | null,
    @Ctx() { viewer }: Context,
  ): Promise<WalkedItems> {
    return this.tell.walk(viewer, { first, after: after ?? null, collectionId: (collectionId ?? null) as CollectionId | null });
  }
  @Directive('@inaccessible')
  @Query(() => ReachType, { nullable: true, description: 'Which collections the caller sees items of.' })
  reach(@Ctx() { viewer }: Context): Promise<ReachType> { return this.tell.reach(viewer); }
}
