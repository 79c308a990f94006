import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ItemId } from '../../../platform/ids.ts';
import type { Enrichment } from '../domain/enrichment.ts';
import { ItemStub } from './answer.graph.ts';
import type { Context } from './context.ts';

/** Shown to whoever may see the item at this moment, and to nobody else. */
@Resolver(() => ItemStub)
export class EnrichmentResolver {
  @FieldResolver(() => String, { nullable: true, description: 'What it is about, in sentences of its own; null when it is short, or nobody has read it yet.' })
  async summary(@Root() item: ItemStub, @Ctx() context: Context): Promise<string | null> { return (await saidOf(item, context))?.summary ?? null; }
  @FieldResolver(() => [String], { nullable: true, description: 'Tags that would fit it.' })
  async suggestedTags(@Root() item: ItemStub, @Ctx() context: Context): Promise<readonly string[] | null> { return (await saidOf(item, context))?.tags ?? null; }
  @FieldResolver(() => String, { nullable: true, description: 'The language that it is written in, as ISO 639-1 says it.' })
  async language(@Root() item: ItemStub, @Ctx() context: Context): Promise<string | null> { return (await saidOf(item, context))?.language ?? null; }
}

const saidOf = async ({ id }: ItemStub, { items, enrichments }: Context): Promise<Enrichment | null> => (await items.load(id as ItemId) ? enrichments.load(id as ItemId) : null);
