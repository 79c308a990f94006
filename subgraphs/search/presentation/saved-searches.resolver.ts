import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Cost } from '../../../platform/cost.ts';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { DeleteSavedSearch } from '../application/delete-saved-search.ts';
import type { Reindex } from '../application/reindex.ts';
import type { SaveSearch } from '../application/save-search.ts';
import type { SeeSavedSearches } from '../application/see-saved-searches.ts';
import type { SavedSearch } from '../domain/saved-search.ts';
import type { Context } from './context.ts';
import {
  DeleteSavedSearchInputType, DeleteSavedSearchPayload, ReindexInputType, ReindexPayload, SavedSearchConnection, SavedSearchType, SaveSearchInputType, SaveSearchPayload,
} from './saved-search.graph.ts';

interface Asked { saveSearch: SaveSearch; deleteSavedSearch: DeleteSavedSearch; reindex: Reindex }
const INPUT = { description: 'What to do.' };
/** A job works for longer than any request. */
const JOB_COST = 50;

@Resolver(() => SavedSearchType)
export class SavedSearchesResolver {
  constructor(private readonly ask: Asked, private readonly see: SeeSavedSearches, private readonly pages: Pages<SavedSearch>) {}

  @Query(() => SavedSearchConnection, { nullable: true, description: 'The questions that the caller has saved, the newest first.' })
  async savedSearches(@Args(() => PageArgs) args: PageArgs, @Ctx() { viewer }: Context): Promise<Connection<SavedSearch>> {
    const request = this.pages.request(args, `${viewer.tenantId} ${viewer.id}`);
    return this.pages.connection(pageOf(await this.see.page(viewer, request), request.first), request);
  }

  @Mutation(() => SaveSearchPayload, { description: 'Keeps a question, for the caller alone.' })
  saveSearch(@Arg('input', () => SaveSearchInputType, INPUT) input: SaveSearchInputType, @Ctx() { viewer }: Context): unknown { return this.ask.saveSearch(viewer, input); }
  @Mutation(() => DeleteSavedSearchPayload, { description: 'Deletes a question that the caller has saved.' })
  deleteSavedSearch(@Arg('input', () => DeleteSavedSearchInputType, INPUT) input: DeleteSavedSearchInputType, @Ctx() { viewer }: Context): unknown { return this.ask.deleteSavedSearch(viewer, input); }
  @Cost(JOB_COST)
  @Mutation(() => ReindexPayload, { description: 'Indexes everything anew, in a job, while search goes on; at the end all is compared with what the items say.' })
  reindex(@Arg('input', () => ReindexInputType, INPUT) input: ReindexInputType, @Ctx() { viewer }: Context): unknown { return this.ask.reindex(viewer, input); }
}
