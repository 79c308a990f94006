import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Directive, FieldResolver, Info, Int, Query, Resolver, Root } from 'type-graphql';
import { Cost, ListSize } from '../../../platform/cost.ts';
import { isId, type ItemId } from '../../../platform/ids.ts';
import { PageArgs, type Pages } from '../../../platform/page.ts';
import type { FindSimilar } from '../application/find-similar.ts';
import type { FoundItem, SearchFound, SearchItems } from '../application/search-items.ts';
import type { SuggestWords } from '../application/suggest-words.ts';
import type { IndexState as State } from '../application/see-index-states.ts';
import type { Highlight, Highlights } from '../domain/highlight.ts';
import type { SearchMode as Mode } from '../domain/search.ts';
import type { Context } from './context.ts';
import { HighlightType, IndexState, ItemStub, SearchConnectionType, SearchFilterType, SearchHitType, SearchMode } from './search.graph.ts';
import { selects } from './selects.ts';

/** A question looks through everything that its caller reaches. */
const SEARCH_COST = 10;
const SIMILAR_SIZE = 5;
const WHAT = 'What to look for: words, a question, "a phrase"; -word and -"a phrase" leave out what has them. 1 to 1 000 characters.';
const AT_LEAST = 'The token in `extensions.write` of an answer: what was written there is in this answer, which waits for it two seconds at most; `degraded` says when that was too short.';

@Resolver(() => SearchConnectionType)
export class SearchResolver {
  constructor(private readonly ask: { searchItems: SearchItems; suggestWords: SuggestWords }, private readonly pages: Pages<FoundItem>) {}

  @Cost(SEARCH_COST)
  @Query(() => SearchConnectionType, { nullable: true, description: 'Finds items, of the collections that the caller has a part in: the best first.' })
  async search(
    @Arg('query', () => String, { description: WHAT }) query: string,
    @Arg('filter', () => SearchFilterType, { nullable: true, description: 'Which items to look through.' }) filter: SearchFilterType | null,
    @Arg('mode', () => SearchMode, { nullable: true, defaultValue: 'HYBRID', description: 'What makes an item fit.' }) mode: Mode | null,
    @Arg('atLeast', () => String, { nullable: true, description: AT_LEAST }) atLeast: string | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { viewer }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    const asked = { query, filter: filter ?? {}, mode: mode ?? 'HYBRID' };
    const request = this.pages.request(args, `${viewer.tenantId} ${JSON.stringify(asked)}`);
    const after = request.after ? { score: Number(request.after[0]), itemId: request.after[1] as ItemId } : null;
    const found = await this.ask.searchItems(viewer, { ...asked, first: request.first, after, atLeast: atLeast ?? null, facets: selects(info, 'facets') });
    return { ...this.pages.connection({ nodes: found.hits, hasNextPage: found.hasMore }, request), ...saidOf(found) };
  }

  @Cost(SEARCH_COST)
  @Query(() => [String], { nullable: true, description: 'Words of what the caller sees that begin so, the most frequent first.' })
  suggest(
    @Arg('prefix', () => String, { description: 'What has been typed of the word, 200 characters at most.' }) prefix: string,
    @Arg('first', () => Int, { nullable: true, description: 'How many, from 1 to 20; 5 when not given.' }) first: number | null,
    @Ctx() { viewer }: Context,
  ): Promise<string[]> {
    return this.ask.suggestWords(viewer, { prefix, first: first ?? null });
  }
}

const saidOf = ({ facets, total, degraded, lagMs }: SearchFound) => ({ facets, totalCount: total, degraded, lagMs });

@Resolver(() => SearchHitType)
export class SearchHitsResolver {
  constructor(private readonly mark: Highlights) {}

  @FieldResolver(() => ItemStub, { nullable: true, description: 'The item.' })
  item(@Root() { itemId }: FoundItem): Pick<ItemStub, 'id'> { return { id: itemId }; }
  @FieldResolver(() => [HighlightType], { description: 'Passages that say why it was found.' })
  highlights(@Root() { doc, query, alike }: FoundItem): Highlight[] { return doc ? this.mark(doc, query, alike) : []; }
}

@Resolver(() => ItemStub)
export class ItemSearchResolver {
  constructor(private readonly ask: { findSimilar: FindSimilar }) {}

  @Directive('@requires(fields: "version deletedAt")')
  @FieldResolver(() => IndexState, { nullable: true, description: 'How far search is with it; null when it is deleted.' })
  indexState(@Root() { id, version, deletedAt }: ItemStub, @Ctx() { indexStates }: Context): Promise<State> | null {
    return deletedAt === null && isId('itm', id) ? indexStates.load({ id, version }) : null;
  }
  @Cost(SEARCH_COST)
  @ListSize({ assumedSize: SIMILAR_SIZE })
  @FieldResolver(() => [ItemStub], { nullable: 'itemsAndList', description: 'Items about the same, of what the caller sees: the most similar first.' })
  async similar(
    @Root() { id }: ItemStub,
    @Arg('first', () => Int, { nullable: true, description: 'How many, from 1 to 20; 5 when not given.' }) first: number | null,
    @Ctx() { viewer, reach }: Context,
  ): Promise<Pick<ItemStub, 'id'>[]> {
    return isId('itm', id) ? (await this.ask.findSimilar(viewer, id, { first: first ?? null, reach })).map((found) => ({ id: found })) : [];
  }
}
