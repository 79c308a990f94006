/**
 * What search finds, and in which order: the judged collection by words, by meaning and by both, beside a BM25 that was
 * tuned on half of its questions. Parts of the collection show what becomes of meaning where there is little to learn from.
 */
import { fuse } from '../../../subgraphs/search/domain/fusion.ts';
import { digits, table } from '../table.ts';
import { Bm25, type Item, type Tuning } from './bm25.ts';
import { HALVES, judgedItems, judgedQuestions, type Question } from './judged.ts';
import { chanceOf, mean, ndcg, recall } from './measures.ts';
import { meaningOf } from './spaces.ts';

const LIST = 200;
const FIRST: Tuning = { k1: 1.2, b: 0.75, title: 3, tags: 2, body: 1 };
/** As goals.md has it: saturation between 1.2 and 1.8 and the usual length; the weights of fields too. */
const TRIED: Tuning[] = [1.2, 1.5, 1.8].flatMap((k1) => [2, 3, 5].flatMap((title) => [1, 2].map((tags) => ({ k1, b: 0.75, title, tags, body: 1 }))));

/** Anything that ranks: an adapter of the service beside what is measured here. */
export interface Ranker { name: string; rank(question: string, first: number): Promise<readonly string[]> | readonly string[] }
interface Scored { name: string; ndcg: number[]; recall: number[] }

async function scored({ name, rank }: Ranker, questions: readonly Question[]): Promise<Scored> {
  const of: Scored = { name, ndcg: [], recall: [] };
  for (const { question, grades } of questions) {
    const ranked = await rank(question, LIST);
    of.ndcg.push(ndcg(ranked, grades));
    of.recall.push(recall(ranked, grades));
  }
  return of;
}

export function tuned(items: readonly Item[], questions: readonly Question[]): Tuning {
  const tuning = questions.filter(({ half }) => half === 'tuning');
  const worth = (one: Tuning) => { const bm25 = new Bm25(items, one); return mean(tuning.map(({ question, grades }) => ndcg(bm25.rank(question, LIST), grades))); };
  return TRIED.map((one) => ({ one, worth: worth(one) })).sort((a, b) => b.worth - a.worth)[0]!.one;
}

/** `more` are asked beside: the modes of the service over its own index. */
export async function quality(more: (items: readonly Item[]) => Promise<Ranker[]> = async () => []): Promise<string> {
  const [items, questions] = [judgedItems(), judgedQuestions()];
  const best = tuned(items, questions);
  const rankers = [{ ...byWords(items, best), name: `BM25, tuned (k1 ${best.k1}, title ×${best.title}, tags ×${best.tags})` }, ...await withMeaning(items), ...await more(items)];
  const results = await Promise.all(rankers.map((ranker) => scored(ranker, questions)));
  const inHalf = (values: readonly number[], half: string) => mean(values.filter((_, at) => questions[at]!.half === half));
  const rows = results.map(({ name, ...of }) => [name, ...HALVES.flatMap((half) => [digits(inHalf(of.ndcg, half), 3), digits(inHalf(of.recall, half), 3)]), digits(mean(of.ndcg), 3), digits(mean(of.recall), 3)]);
  const [, words, , both] = results;
  const chance = chanceOf(both!.ndcg.map((value, at) => value - words!.ndcg[at]!));
  return [
    table(['', ...HALVES.flatMap((half) => [`nDCG@10, ${half}`, `recall@100, ${half}`]), 'nDCG@10', 'recall@100'], rows), '',
    `That words and meaning differ so in nDCG by chance alone: ${digits(chance, 2)} (signs drawn 10 000 times, seed 7).`, '',
    await ofParts(items, questions),
  ].join('\n');
}

const byWords = (items: readonly Item[], tuning = FIRST): Ranker => {
  const bm25 = new Bm25(items, tuning);
  return { name: 'words: BM25 (k1 1.2, title ×3, tags ×2)', rank: (question, first) => bm25.rank(question, first) };
};

/** By words, by meaning, and by both as the service makes them one. */
async function withMeaning(items: readonly Item[]): Promise<Ranker[]> {
  const words = byWords(items);
  const meaning = await meaningOf(items);
  await meaning.close();
  const both = async (question: string, first: number) => fuse([await words.rank(question, first), await meaning.near(question, first)], [1, meaning.weight]).map(({ id }) => id);
  return [words, { name: 'meaning: LSA', rank: meaning.near }, { name: `both, meaning ×${digits(meaning.weight, 3)}`, rank: both }];
}

/** Every so-manyth item, as a collection of its own, with what is judged of it. */
async function ofParts(items: readonly Item[], questions: readonly Question[]): Promise<string> {
  const rows = [];
  for (const every of [2, 4, 12]) {
    const parts = await Promise.all(Array.from({ length: Math.min(every, 4) }, async (_, offset) => {
      const part = items.filter((_item, at) => at % every === offset);
      const ids = new Set(part.map(({ id }) => id));
      const asked = questions.map((one) => ({ ...one, grades: new Map([...one.grades].filter(([id]) => ids.has(id))) })).filter(({ grades }) => grades.size > 0);
      const results = await Promise.all((await withMeaning(part)).map((ranker) => scored(ranker, asked)));
      return results.flatMap((one) => [mean(one.ndcg), mean(one.recall)]);
    }));
    rows.push([String(Math.round(items.length / every)), ...parts[0]!.map((_, at) => digits(mean(parts.map((part) => part[at]!)), 3))]);
  }
  return table(['of so many items', 'words: nDCG@10', 'recall@100', 'meaning: nDCG@10', 'recall@100', 'both: nDCG@10', 'recall@100'], rows);
}
