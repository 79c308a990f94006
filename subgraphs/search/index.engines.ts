/** What search finds by, wired: words and meanings, where each is kept, and the loops that keep them as the documents are. */
import type { Database } from '../../platform/database/database.ts';
import type { Resources } from '../../platform/service.ts';
import type { Look, Work } from '../../platform/work.ts';
import { followDocuments, forgetGone, tellAnew, type Follower } from './application/follow-documents.ts';
import { beside } from './application/beside.ts';
import { selfIn } from './application/hear-items.ts';
import { learnMeanings } from './application/learn-meanings.ts';
import type { Indexes } from './application/rank.ts';
import { renewWords } from './application/renew-words.ts';
import type { Ports } from './domain/document-ports.ts';
import type { Analyzer, Embeddings, KeywordIndex, VectorIndex } from './domain/ports.ts';
import { termOf } from './domain/analysed.ts';
import { wordsOf } from './domain/words.ts';
import { boundedEmbeddings, boundedVectors } from './infrastructure/bounded.ts';
import { localEmbeddings, type LocalEmbeddings } from './infrastructure/embeddings/local-embeddings.ts';
import { openAiEmbeddings } from './infrastructure/embeddings/openai-embeddings.ts';
import { postgresCorpus, postgresSpaces } from './infrastructure/embeddings/postgres-spaces.ts';
import { openMeili } from './infrastructure/meilisearch/meili-engine.ts';
import { meiliVersions, type MeiliVersions } from './infrastructure/meilisearch/meili-versions.ts';
import { dueTenants, restartIn } from './infrastructure/postgres-followers.ts';
import { forgetOld } from './infrastructure/postgres-forgotten.ts';
import { openPostgresIndex, type PostgresIndex } from './infrastructure/postgres-index/open.ts';
import { qdrantVectorIndex } from './infrastructure/qdrant/qdrant-vector-index.ts';
import { placedDocuments } from './infrastructure/vectors/placed-documents.ts';
import { postgresVectorIndex } from './infrastructure/vectors/postgres-vector-index.ts';
import { wordsElsewhere } from './infrastructure/words-elsewhere.ts';

const UPKEEP_MS = 5_000;
const FOLLOW_MS = 500;
const LEARN_MS = 5_000;
const HOUR_MS = 3_600_000;
const RENEW_MS = 10_000;

interface Given { resources: Pick<Resources, 'settings' | 'events'>; database: Database; analyzer: Analyzer; work: Work<Ports>; look: Look<Ports> }
export interface Engines { indexes: Indexes; holds: PostgresIndex['holds']; stop(): Promise<void> }

export function enginesOver(given: Given): Engines {
  const { database, analyzer, work, look, resources: { events } } = given;
  const due = dueTenants(database);
  const { index, lexicon, upkeep, holds } = openPostgresIndex({ database, analyzer });
  const words = wordsIn(given, index);
  const { vectors, embeddings, local, placed } = meaningIn(given);
  const followers: Follower[] = [...words.followers, placed];
  const stopping = new AbortController();
  const learning = beside(learnMeanings({ work, due, learn: async (tenantId) => local?.learn(tenantId) ?? false }));
  const renewal = beside(words.versions ? renewWords({ versions: words.versions, follower: words.followers[0]!.name, due, look, work, signal: stopping.signal }) : async () => undefined);

  events.sweep({ name: 'search index', everyMs: UPKEEP_MS, round: () => upkeep.round() });
  events.sweep({ name: 'search followers', everyMs: FOLLOW_MS, round: followDocuments(followers, { work, look, due }) });
  events.sweep({ name: 'search documents that are gone', everyMs: HOUR_MS, round: forgetGone(followers, { work, due }) });
  events.sweep({ name: 'search what is old', everyMs: HOUR_MS, round: () => forgetOld(database) });
  if (local) events.sweep({ name: 'search meanings', everyMs: LEARN_MS, round: learning.round });
  if (words.versions) events.sweep({ name: 'search words elsewhere', everyMs: RENEW_MS, round: renewal.round });
  return {
    holds,
    indexes: { keyword: words.keyword, meaning: { vectors, embeddings, lexicon, placed: (tenantId) => look(selfIn(tenantId), async ({ followers: them }) => (await them.stand(placed.name)).seq) }, anew: [upkeep.anew, ...followers.map((follower) => tellAnew(follower, { work, look, due }))] },
    async stop() {
      stopping.abort();
      await local?.close();
      await Promise.all([learning.over(), renewal.over()]);
    },
  };
}

/** In the database, or elsewhere with those behind. */
function wordsIn({ look, resources: { settings: { MEILI_URL: url, MEILI_KEY: key } } }: Given, behind: KeywordIndex): { keyword: KeywordIndex; followers: Follower[]; versions: MeiliVersions | null } {
  if (!url) return { keyword: behind, followers: [], versions: null };
  const versions = meiliVersions(openMeili({ url, key }));
  const keyword = wordsElsewhere(versions.live, behind, (tenantId) => look(selfIn(tenantId), ({ documents }) => documents.seq()));
  return { keyword, followers: [{ name: 'words in meilisearch', apply: versions.live.apply }], versions };
}

function meaningIn({ database, analyzer, resources: { settings } }: Given): { vectors: VectorIndex; embeddings: Embeddings; local: LocalEmbeddings | null; placed: Follower } {
  const { EMBEDDINGS_URL: url, EMBEDDINGS_KEY: key, EMBEDDINGS_MODEL: model, EMBEDDINGS_DIMENSIONS: dimensions, QDRANT_URL, QDRANT_KEY } = settings;
  const local = url ? null : localEmbeddings({
    // What was placed in the space before is placed again, by the follower that is made of both below.
    spaces: postgresSpaces(database, (em) => restartIn(em, placed.name)), corpus: postgresCorpus(database),
    termsOf: ({ text, language }) => wordsOf(text).filter(({ word }) => !analyzer.isStop(language, word)).map(({ word }) => termOf(language, analyzer.stem(language, word))),
  });
  const embeddings = local ?? boundedEmbeddings(openAiEmbeddings({ url: url!, key, model: model!, dimensions }));
  const vectors = QDRANT_URL ? boundedVectors(qdrantVectorIndex({ url: QDRANT_URL, key: QDRANT_KEY, model: embeddings.name })) : postgresVectorIndex({ database });
  const placed = placedDocuments(vectors, embeddings);
  return { vectors, embeddings, local, placed };
}
