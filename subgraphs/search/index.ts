/** The search service: finds items in words or in meaning, of what the caller sees. What it keeps is heard from collections, and could be heard anew. */
import { forgetOldResults, onceOver } from '../../platform/idempotency.ts';
import { graphOf, type Slice } from '../../platform/graph.ts';
import { pagesOf } from '../../platform/page.ts';
import type { Resources, Service } from '../../platform/service.ts';
import { deskOver } from '../../platform/work.ts';
import { writeTokens } from '../../platform/write-token.ts';
import { awaitWrite } from './application/await-write.ts';
import { deleteSavedSearch } from './application/delete-saved-search.ts';
import { findSimilar } from './application/find-similar.ts';
import { hearItems } from './application/hear-items.ts';
import { DOCUMENTS, onCollectionsTold, type IndexPorts } from './application/on-collections-told.ts';
import { reindex } from './application/reindex.ts';
import { saveSearch } from './application/save-search.ts';
import { searchItems, type FoundItem } from './application/search-items.ts';
import { seeIndexStates } from './application/see-index-states.ts';
import { seeSavedSearches } from './application/see-saved-searches.ts';
import { suggestWords } from './application/suggest-words.ts';
import type { Ports } from './domain/document-ports.ts';
import { highlightsOver } from './domain/highlight.ts';
import type { Reindexing } from './domain/reindexing.ts';
import type { SavedSearch } from './domain/saved-search.ts';
import { enginesOver } from './index.engines.ts';
import { handleJobs } from './index.jobs.ts';
import { openAnalyzer } from './infrastructure/analyzer.ts';
import { askedItems } from './infrastructure/asked-items.ts';
import { askedRights } from './infrastructure/asked-rights.ts';
import { migrations } from './infrastructure/migrations/index.ts';
import { portsOver, tables, viewsOver } from './infrastructure/postgres-ports.ts';
import { contextOver, references } from './presentation/context.ts';
import { policy } from './presentation/policy.ts';
import { JobStub, SavedSearchType } from './presentation/saved-search.graph.ts';
import { SavedSearchesResolver } from './presentation/saved-searches.resolver.ts';
import { ItemStub } from './presentation/search.graph.ts';
import { ItemSearchResolver, SearchHitsResolver, SearchResolver } from './presentation/search.resolver.ts';

export const slice: Slice = {
  name: 'search',
  resolvers: [SearchResolver, SearchHitsResolver, ItemSearchResolver, SavedSearchesResolver],
  types: [ItemStub, SavedSearchType, JobStub],
  policy,
};

const HOUR_MS = 3_600_000;

export async function start(resources: Resources): Promise<Service> {
  const { log, openDatabase, events, ask, jobs, secret } = resources;
  const database = await openDatabase({ service: 'search', tables, migrations });
  const { look } = deskOver<Ports>(database, { ports: portsOver(DOCUMENTS), views: viewsOver(DOCUMENTS) });
  const { work } = deskOver<IndexPorts & { witness(subject: Reindexing): void }>(database, { ports: (em, witness) => ({ ...portsOver(DOCUMENTS)(em), jobs: jobs.within(em), witness }), told: events.told });
  const analyzer = openAnalyzer();
  const engines = enginesOver({ resources, database, analyzer, work, look });
  const { indexes } = engines;
  const rights = askedRights(ask);
  const items = askedItems(ask);
  const hear = { work, look, items, hearItems: hearItems<IndexPorts>({ work, items }) };
  const given = { work, look, rights, indexes, analyzer, awaitWrite: awaitWrite({ look, writes: writeTokens(secret) }), behindMs: () => events.behindMs(DOCUMENTS) };
  const see = { seeIndexStates: seeIndexStates(given), seeSavedSearches: seeSavedSearches(given) };
  const resolvers = [
    new SearchResolver({ searchItems: searchItems(given), suggestWords: suggestWords(given) }, pagesOf<FoundItem>(secret, 'search', ({ score, itemId }) => [String(score), itemId])),
    new SearchHitsResolver(highlightsOver(analyzer)),
    new ItemSearchResolver({ findSimilar: findSimilar(given) }),
    new SavedSearchesResolver({ saveSearch: saveSearch(given), deleteSavedSearch: deleteSavedSearch(given), reindex: reindex(given) }, see.seeSavedSearches, pagesOf<SavedSearch>(secret, 'saved searches', ({ id }) => [id])),
  ];
  const graph = graphOf({ slice, resolvers, references, context: contextOver({ rights, ...see }), once: onceOver(database, secret), log });

  events.listen([onCollectionsTold(hear)]);
  handleJobs(jobs, { ...hear, engines });
  events.sweep({ name: 'search old results', everyMs: HOUR_MS, round: () => forgetOldResults(database) });
  return { name: 'search', graph, ready: () => database.ping(), stop: () => engines.stop() };
}
