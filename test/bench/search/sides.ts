/** Who is asked: the index of Atlas, Postgres's own full text search over the same rows, and minisearch in memory. Each answers a page of ten with highlights, a count and facets, within reach. */
import MiniSearch from 'minisearch';
import type pg from 'pg';
import type { Database } from '../../../platform/database/database.ts';
import type { Doc, KeywordIndex } from '../../../subgraphs/search/domain/ports.ts';
import type { ItemId } from '../../../platform/ids.ts';
import { rankBy, type Indexes, type Stretch } from '../../../subgraphs/search/application/rank.ts';
import type { SearchMode } from '../../../subgraphs/search/domain/search.ts';
import { highlightsOver } from '../../../subgraphs/search/domain/highlight.ts';
import { queryOf, type Query } from '../../../subgraphs/search/domain/query.ts';
import { rowsOf } from '../../../subgraphs/search/infrastructure/postgres-index/statement.ts';
import { asSearch } from '../../../subgraphs/search/infrastructure/postgres-index/tenant-view.ts';
import { analyzerOfTests, docOf } from '../../kit/search-documents.ts';
import type { SearchWorld } from './world.ts';

/** How many there are. */
export type Ask = (text: string) => Promise<number>;
const PAGE = 10;
const highlights = highlightsOver(analyzerOfTests);

export const atlas = (world: SearchWorld, database: Database, index: KeywordIndex): Ask =>
  shown(world, database, (query) => index.find({ tenantId: world.tenantId, reach: world.reach, query, filter: {}, first: PAGE, facets: true }));

/** By meaning alone, or by words and meaning together. */
export const atlasBy = (mode: SearchMode, world: SearchWorld, database: Database, indexes: Indexes): Ask =>
  shown(world, database, (query) => rankBy(mode, { tenantId: world.tenantId, reach: world.reach, query, filter: {} }, indexes)({ first: PAGE, after: null, facets: true }));

type Page = Pick<Stretch, 'total' | 'alike'> & { hits: readonly { itemId: ItemId }[] };

const shown = (world: SearchWorld, database: Database, find: (query: Query) => Promise<Page>): Ask => async (text) => {
  const query = queryOf(text);
  const { hits, total, alike } = await find(query);
  const rows = await database.read(asSearch(world.tenantId), (on) => rowsOf<Pick<Doc, 'title' | 'tags' | 'body' | 'attached' | 'language'>>(on, {
    name: 'bench documents', values: [world.tenantId, hits.map(({ itemId }) => itemId)], text: 'SELECT title, tags, body, attached, language FROM search.document WHERE tenant_id = ? AND item_id = ANY (?)',
  }));
  for (const row of rows) highlights(docOf({ tenantId: world.tenantId, collectionId: world.reach.collectionIds[0]!, ...row }), query, alike);
  return total;
};

/** In a table of its own beside, without row-level security: as fast as it can be. */
export async function fullText(owner: pg.Client, world: SearchWorld, documents: (from: number) => Doc[]): Promise<{ and: Ask; or: Ask }> {
  await owner.query(`CREATE SCHEMA beside; CREATE TABLE beside.doc (id text, collection_id text, tags text[], created_by text, created_at timestamptz, title text, body text, words tsvector)`);
  for (let from = 0; ; from += 5_000) {
    const docs = documents(from);
    if (docs.length === 0) break;
    await owner.query(`INSERT INTO beside.doc SELECT id, collection_id, tags, created_by, created_at, title, body, setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', array_to_string(tags, ' ')), 'B') || to_tsvector('english', body)
      FROM json_to_recordset($1) AS x(id text, collection_id text, tags text[], created_by text, created_at timestamptz, title text, body text)`,
    [JSON.stringify(docs.map((doc) => ({ id: doc.itemId, collection_id: doc.collectionId, tags: doc.tags, created_by: doc.createdBy, created_at: doc.createdAt, title: doc.title, body: doc.body })))]);
  }
  await owner.query('CREATE INDEX ON beside.doc USING gin (words)');
  await owner.query('ANALYZE beside.doc');
  const ask = (name: string, query: string): Ask => async (text) => {
    const { rows } = await owner.query<{ total: number }>({
      name, values: [text, world.reach.collectionIds],
      text: `WITH hits AS MATERIALIZED (SELECT d.*, ts_rank_cd(words, q) AS rank FROM beside.doc d, (SELECT ${query} AS q) asked WHERE words @@ q AND collection_id = ANY ($2)),
        page AS (SELECT title, ts_headline('english', body, ${query}) AS marked FROM (SELECT * FROM hits ORDER BY rank DESC, id LIMIT ${PAGE}) p)
        SELECT (SELECT count(*)::int FROM hits) AS total, (SELECT json_agg(page) FROM page) AS page, (SELECT json_agg(f) FROM (SELECT collection_id, count(*) FROM hits GROUP BY 1) f) AS collections,
          (SELECT json_agg(f) FROM (SELECT tag, count(*) FROM hits, unnest(tags) tag GROUP BY 1) f) AS tags, (SELECT json_agg(f) FROM (SELECT created_by, count(*) FROM hits GROUP BY 1) f) AS creators,
          (SELECT json_agg(f) FROM (SELECT date_trunc('month', created_at), count(*) FROM hits GROUP BY 1) f) AS months`,
    });
    return rows[0]!.total;
  };
  return { and: ask('and', `websearch_to_tsquery('english', $1)`), or: ask('or', `replace(websearch_to_tsquery('english', $1)::text, '&', '|')::tsquery`) };
}

/** Everything in one process's memory; it knows no phrases. */
export function miniSearch(world: SearchWorld, documents: (from: number) => Doc[]): Ask {
  const index = new MiniSearch<{ id: string; title: string; body: string; tags: string; collection: string; creator: string; month: string }>({
    fields: ['title', 'body', 'tags'], storeFields: ['collection', 'tags', 'creator', 'month'], processTerm: (term) => analyzerOfTests.stem('en', term.toLowerCase()),
  });
  for (let from = 0; ; from += 5_000) {
    const docs = documents(from);
    if (docs.length === 0) break;
    index.addAll(docs.map((doc) => ({ id: doc.itemId, title: doc.title, body: doc.body, tags: doc.tags.join(','), collection: doc.collectionId, creator: doc.createdBy, month: doc.createdAt.toISOString().slice(0, 7) })));
  }
  const reached = new Set<string>(world.reach.collectionIds);
  return async (text) => {
    const found = index.search(text, { boost: { title: 3, tags: 2 }, fuzzy: (term) => (term.length > 7 ? 2 : term.length > 3 ? 1 : false), prefix: (_, at, terms) => !text.endsWith(' ') && at === terms.length - 1, filter: ({ collection }) => reached.has(collection as string) });
    const counts = new Map<string, number>();
    for (const { collection, tags, creator, month } of found) for (const value of [collection, creator, month, ...(tags as string).split(',')]) counts.set(value as string, (counts.get(value as string) ?? 0) + 1);
    return found.length;
  };
}
