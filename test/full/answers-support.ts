/** What the threshold of a sentence's support is chosen by: of sentences from Atlas's own documents, how many stay beside the passage that they are from, word for word or half in other words, and how many beside another passage for the same question. */
import { openStems } from '../../platform/stems.ts';
import type { ItemId } from '../../platform/ids.ts';
import { choosePassages } from '../../subgraphs/ai/domain/choosing.ts';
import { sentencesOf } from '../../subgraphs/ai/domain/sentences.ts';
import { supportOf } from '../../subgraphs/ai/domain/support.ts';
import { termsBy } from '../../subgraphs/ai/domain/terms.ts';
import { docsQuestions, documents } from '../kit/docs-knowledge.ts';

const THRESHOLDS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
const TERMS_MIN = 4;
/** Every so many-th telling word is another's: a model says it in its own words. */
const REWORDED = [4, 3, 2];

export function supportTable(): string {
  const termsOf = termsBy(openStems(), 'en');
  const texts = documents().map(({ path, title, body }) => ({ id: path as ItemId, version: 1, title, body, collectionId: 'col_docs' as never, tags: [] }));
  const weighed: { own: number[]; reworded: number[][]; other: number[] } = { own: [], reworded: REWORDED.map(() => []), other: [] };
  for (const { question, items } of docsQuestions()) {
    if (items.length === 0) continue;
    const passages = choosePassages(question, texts, termsOf);
    for (const [at, { text }] of passages.entries()) {
      const foreign = passages[(at + 1) % passages.length]!;
      for (const { start, end } of sentencesOf(text).slice(0, 4)) {
        const claim = text.slice(start, end);
        if (termsOf(claim).length < TERMS_MIN) continue;
        weighed.own.push(supportOf(claim, text, termsOf));
        weighed.other.push(supportOf(claim, foreign.text, termsOf));
        REWORDED.forEach((every, n) => weighed.reworded[n]!.push(supportOf(inOtherWords(claim, every, termsOf), text, termsOf)));
      }
    }
  }
  const share = (of: readonly number[], least: number): string => `${((100 * of.filter((one) => one >= least).length) / of.length).toFixed(1)} %`.padStart(9);
  const lines = THRESHOLDS.map((least) => `${least.toFixed(1).padEnd(11)}${share(weighed.own, least)}${weighed.reworded.map((of) => share(of, least)).join('')}${share(weighed.other, least)}`);
  return [`${weighed.own.length} sentences stay, of those`, `from      their own  ¼ other  ⅓ other  ½ other  elsewhere`, ...lines].join('\n');
}

function inOtherWords(claim: string, every: number, termsOf: (text: string) => string[]): string {
  let n = 0;
  return claim.replace(/\p{L}{3,}/gu, (word) => (termsOf(word).length > 0 && (n += 1) % every === 0 ? `${'bcdfg'[n % 5]!}otherword` : word));
}
