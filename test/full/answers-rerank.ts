/** Whether what was found would stand in a better order by how much of the question its best passage says: measured beside the order of search, on the questions whose answers are known. */
import { openStems } from '../../platform/stems.ts';
import { languageIn } from '../../subgraphs/ai/domain/language.ts';
import { passagesOf } from '../../subgraphs/ai/domain/passages.ts';
import { rarityOver, termsBy } from '../../subgraphs/ai/domain/terms.ts';
import { docsIndex, docsQuestions, documents, type Document } from '../kit/docs-knowledge.ts';
import { openSearchDatabase } from '../kit/search-documents.ts';
import { freshDatabase } from '../kit/databases.ts';

/** How much the place in the order of search still counts; 1: it alone does. */
const WEIGHTS = [1, 0.75, 0.5, 0.25, 0];

export async function rerankGain(): Promise<string> {
  const place = await freshDatabase();
  const database = await openSearchDatabase(place);
  try {
    const find = await docsIndex(database);
    const docs = new Map(documents().map((doc) => [doc.path, doc]));
    const questions = docsQuestions().filter(({ items }) => items.length > 0);
    const asked = await Promise.all(questions.map(async (golden) => ({ golden, found: await find(golden.question) })));
    const mean = (weight: number): number => asked.reduce((sum, { golden, found }) => sum + ndcg(reranked(golden.question, found, docs, weight), golden.items), 0) / asked.length;
    const figures = WEIGHTS.map((weight) => ({ weight, value: mean(weight) }));
    return `nDCG@10 over ${questions.length} questions, by how much the order of search counts: ${figures.map(({ weight, value }) => `${weight} → ${value.toFixed(3)}`).join(', ')}`;
  } finally {
    await database.close();
    await place.drop();
  }
}

function reranked(question: string, found: readonly string[], docs: ReadonlyMap<string, Document>, weight: number): string[] {
  const stems = openStemsOnce();
  const termsOf = termsBy(stems, languageIn(question, stems) ?? 'en');
  const passages = found.map((path) => passagesOf({ itemId: path, version: 1, ...docs.get(path)! }).map(({ headings, text }) => new Set(termsOf(`${docs.get(path)!.title} ${headings.join(' ')} ${text}`))));
  const rarity = rarityOver(passages.flat());
  const wanted = [...new Set(termsOf(question))];
  const most = wanted.reduce((sum, term) => sum + rarity(term), 0) || 1;
  const says = passages.map((all) => Math.max(0, ...all.map((terms) => wanted.reduce((sum, term) => sum + (terms.has(term) ? rarity(term) : 0), 0) / most)));
  return found.map((path, at) => ({ path, at, score: weight / (at + 1) + (1 - weight) * says[at]! })).sort((a, b) => b.score - a.score || a.at - b.at).map(({ path }) => path);
}
let stems: ReturnType<typeof openStems> | null = null;
const openStemsOnce = (): ReturnType<typeof openStems> => (stems ??= openStems());

function ndcg(found: readonly string[], items: readonly string[]): number {
  const gain = (at: number): number => 1 / Math.log2(at + 2);
  const best = items.slice(0, 10).reduce((sum, _, at) => sum + gain(at), 0);
  return found.slice(0, 10).reduce((sum, path, at) => sum + (items.includes(path) ? gain(at) : 0), 0) / best;
}
