/** A space that is learned from given texts, without a database: what the local embeddings do, for benches. */
import { openAnalyzer } from '../../../subgraphs/search/infrastructure/analyzer.ts';
import { saidIn } from '../../../subgraphs/search/infrastructure/embeddings/document-text.ts';
import { localEmbeddings, type LocalEmbeddings, type TermsOf } from '../../../subgraphs/search/infrastructure/embeddings/local-embeddings.ts';
import type { KeptSpace } from '../../../subgraphs/search/infrastructure/embeddings/latent-space.ts';
import { termOf } from '../../../subgraphs/search/domain/analysed.ts';
import type { Said } from '../../../subgraphs/search/domain/ports.ts';
import { wordsOf } from '../../../subgraphs/search/domain/words.ts';
import { newId, type ItemId, type TenantId } from '../../../platform/ids.ts';
import { HeldVectors } from '../../../subgraphs/search/infrastructure/vectors/held-vectors.ts';
import { nearestOf } from '../../../subgraphs/search/infrastructure/vectors/nearest.ts';
import { asBytes } from '../../../subgraphs/search/infrastructure/vectors/bytes.ts';
import type { Item } from './bm25.ts';

const BATCH = 200;

export interface Meaning { embeddings: LocalEmbeddings; tenantId: TenantId; weight: number; near(question: string, first: number): Promise<string[]>; close(): Promise<void> }

export function termsOf(): TermsOf {
  const analyzer = openAnalyzer();
  return ({ text, language }) => wordsOf(text).filter(({ word }) => !analyzer.isStop(language, word)).map(({ word }) => termOf(language, analyzer.stem(language, word)));
}

export const saidOf = (text: string): Said => [{ text, language: 'en' }];

export async function meaningOf(items: readonly Item[]): Promise<Meaning> {
  const tenantId = newId('tnt');
  const texts = items.map((item) => saidIn({ ...item, attached: '', language: 'en' }));
  let kept: { generation: number; space: KeptSpace } | null = null;
  const embeddings = localEmbeddings({
    spaces: { generation: async () => kept?.generation ?? null, get: async () => kept, put: async (_, space) => { kept = { generation: 1, space }; } },
    corpus: { count: async () => texts.length, async *texts(_, most) { for (let from = 0; from < Math.min(most, texts.length); from += BATCH) yield texts.slice(from, from + BATCH); } },
    termsOf: termsOf(),
  });
  await embeddings.learn(tenantId);
  const held = new HeldVectors(1);
  for (const [at, vector] of (await embeddings.embed(texts, 'document', tenantId)).entries()) {
    held.put({ itemId: items[at]!.id as ItemId, version: 1, collectionId: newId('col'), createdBy: '', createdAt: 0, tags: [], bytes: asBytes(vector) });
  }
  return {
    embeddings, tenantId, weight: await embeddings.weight(tenantId),
    async near(question, first) {
      const [vector] = await embeddings.embed([saidOf(question)], 'query', tenantId);
      return (await nearestOf(held, { reach: { everything: true }, filter: {}, vector: vector!, first })).map(({ itemId }) => itemId);
    },
    close: () => embeddings.close(),
  };
}
