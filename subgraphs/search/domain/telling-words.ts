/** The words that say most of what a document is about. */
import type { Analyzer, Doc } from './ports.ts';
import { wordsOf } from './words.ts';

const WORDS_MAX = 24;
const LOOKED_THROUGH_MAX = 5_000;
const SHORT = 2;
const WEIGHTS = { title: 3, tags: 2, body: 1 } as const;

/** Those that stand in it most often, by where they stand; of equals the longer, which is rarer, first. How rare each is among all documents, the index knows. */
export function tellingWords(doc: Pick<Doc, 'title' | 'tags' | 'body' | 'language'>, analyzer: Pick<Analyzer, 'isStop'>): string[] {
  const counts = new Map<string, number>();
  const texts = { title: doc.title, tags: doc.tags.join(' '), body: doc.body };
  for (const [field, weight] of Object.entries(WEIGHTS) as [keyof typeof WEIGHTS, number][]) {
    for (const { word } of wordsOf(texts[field], LOOKED_THROUGH_MAX)) {
      if (word.length > SHORT && !analyzer.isStop(doc.language, word)) counts.set(word, (counts.get(word) ?? 0) + weight);
    }
  }
  return [...counts].sort(([a, often], [b, seldom]) => seldom - often || b.length - a.length || (a < b ? -1 : 1)).slice(0, WORDS_MAX).map(([word]) => word);
}
