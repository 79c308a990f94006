/**
 * The keyword index that needs nothing but the database: segments in Postgres, scored in this process. It reads the
 * documents where the service keeps them, so a change is found as soon as it has committed.
 */
import type { Database } from '../../../../platform/database/database.ts';
import { asksFor, type Query } from '../../domain/query.ts';
import type { Analyzer, Asked, Filter, Found, KeywordIndex } from '../../domain/ports.ts';
import { normalWord, wordsOf } from '../../domain/words.ts';
import { begunBy } from './alike.ts';
import type { BlockCache } from './block-cache.ts';
import { Breath } from './breath.ts';
import { filterTerms, passing, type Demands } from './passing.ts';
import { Best, FacetCounts, scores } from './rank.ts';
import { SegmentReading } from './segment-reading.ts';
import { asSearch, type TenantViews, type TenantView } from './tenant-view.ts';
import { phrasesIn, scoring, stemsIn, wantedOf, type Wanted } from './wanted.ts';
import { withinReach, type Seen } from './within-reach.ts';
import { holdState, removeSegments, setSeq } from './write-segments.ts';

export interface Given { database: Database; analyzer: Analyzer; cache: BlockCache; views: TenantViews }

export interface Question { view: TenantView; reading: SegmentReading; seen: Seen; breath: Breath; analyzer: Analyzer }

export type Begin = (asked: Pick<Asked, 'tenantId' | 'reach'>) => Promise<Question>;

export const questionsOver = ({ database, analyzer, cache, views }: Given): Begin => async ({ tenantId, reach }) => {
  const view = await views.of(tenantId);
  const breath = new Breath();
  const seen = await withinReach([view.delta.source, ...view.segments], reach, breath);
  return { view, seen, breath, analyzer, reading: new SegmentReading({ database, cache }, view) };
};

export function postgresKeywordIndex(begin: Begin, database: Database): KeywordIndex {
  return {
    name: 'postgres',
    apply: async () => undefined,
    find: async (asked) => find(await begin(asked), asked),
    suggest: async (asked) => suggest(await begin(asked), asked),
    forget: (tenantId) => database.transaction(asSearch(tenantId), 'write', async (em) => {
      await holdState(em, tenantId, true);
      await removeSegments(em, tenantId, 'true');
      await setSeq(em, tenantId, 'LIVE', 0n);
      await setSeq(em, tenantId, 'ANEW', null);
    }),
  };
}

async function find(question: Question, asked: Asked): Promise<Found> {
  const { view: { upTo }, seen: { languages }, analyzer } = question;
  const { query, filter } = asked;
  if (!asksFor(query)) return { hits: [], total: 0, facets: [], hasMore: false, alike: [], upTo };
  const demands = await demandsOf(question, query, filter, scoring(query, languages, analyzer).flatMap(({ stems }) => stems));
  return { ...await rank(question, asked, demands, await wantedOf(question, query)), upTo };
}

/** Read in one go with what scores. */
export async function demandsOf({ seen: { languages }, reading, analyzer }: Question, query: Query, filter: Filter, scored: readonly string[] = []): Promise<Demands> {
  const demands: Demands = {
    filter, excluded: query.excluded.words.flatMap((word) => stemsIn(languages, analyzer, word)),
    phrases: query.phrases.map((phrase) => phrasesIn(languages, analyzer, phrase)),
    excludedPhrases: query.excluded.phrases.map((phrase) => phrasesIn(languages, analyzer, phrase)),
  };
  await reading.load([...scored, ...demands.excluded, ...filterTerms(filter)]);
  await reading.loadPhrases([...demands.phrases, ...demands.excludedPhrases].flat());
  return demands;
}

async function rank({ seen: { withins, averages }, reading, breath }: Question, { query, first, after, facets }: Asked, demands: Demands, { groups, alike }: Wanted): Promise<Omit<Found, 'upTo'>> {
  const best = new Best(first + 1, after);
  const counts = new FacetCounts();
  const phrased = query.phrases.length > 0;
  let total = 0;
  for (const [which, within] of withins.entries()) {
    const pass = passing(within, reading, demands);
    const sums = await scores(within, which, groups, averages, breath);
    const hits = new Uint32Array(pass.length);
    let count = 0;
    for (let doc = 0; doc < pass.length; doc += 1) if (pass[doc] && (phrased || sums[doc]! > 0)) hits[count++] = doc;
    for (let at = 0, least = best.least; at < count; at += 1) {
      const score = sums[hits[at]!]!;
      if (score < least) continue;
      best.offer(within, hits[at]!, score);
      least = best.least;
    }
    if (facets) counts.add(within, hits.subarray(0, count));
    total += count;
    await breath.after(pass.length * 2);
  }
  const ranked = best.inOrder();
  return { hits: ranked.slice(0, first), hasMore: ranked.length > first, total, facets: facets ? counts.done() : [], alike };
}

async function suggest(question: Question, { prefix, first }: Parameters<KeywordIndex['suggest']>[0]): Promise<string[]> {
  const last = wordsOf(prefix).at(-1);
  if (!last || last.end !== prefix.length) return [];
  const counts = new Map<string, number>();
  for (const language of question.seen.languages) {
    for (const { word, documents } of await begunBy(question, language, normalWord(last.word), () => false)) counts.set(word, (counts.get(word) ?? 0) + documents);
  }
  const words = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, first).map(([word]) => word);
  return words.map((word) => prefix.slice(0, last.start) + word);
}
