/**
 * How good answers are, on questions whose answers are known: whether what holds the answer was found, whether each
 * sentence is supported by what it cites, whether it was said that there is no answer exactly where there is none.
 * It judges what any retrieval and any model gave; it asks no model, so that the same answers are judged the same.
 */
import { claimsIn, supportOf } from './support.ts';
import type { Terms } from './terms.ts';

export interface GoldenQuestion {
  readonly id: string;
  readonly question: string;
  /** Any of them holds the answer; none: there is no answer. */
  readonly items: readonly string[];
  readonly mustSay: readonly string[];
  readonly mustNotSay: readonly string[];
}

export interface GivenAnswer {
  /** Items, the best first. */
  readonly found: readonly string[];
  readonly answered: boolean;
  readonly text: string;
  /** The k-th is what `[k]` in the text means. */
  readonly citations: readonly { readonly itemId: string; readonly text: string }[];
  readonly cost: string;
  readonly latencyMs: number;
}

/** Null where there is nothing to judge by: no answer was due, or none was given. */
export interface Judged {
  readonly recallAt5: number | null;
  readonly ndcgAt10: number | null;
  /** Of what is cited, the share that supports its sentence. */
  readonly citationPrecision: number | null;
  /** Of the sentences, the share that what it cites supports. */
  readonly citationRecall: number | null;
  /** Of the sentences, the share that anything cited in the answer supports. */
  readonly groundedness: number | null;
  /** Of what is cited, the share that is of an item that holds the answer. */
  readonly rightItems: number | null;
  readonly saysIt: number | null;
  readonly refusal: number;
}
export const MEASURES = ['recallAt5', 'ndcgAt10', 'citationPrecision', 'citationRecall', 'groundedness', 'rightItems', 'saysIt', 'refusal'] as const satisfies readonly (keyof Judged)[];
export type Summary = Readonly<Record<(typeof MEASURES)[number], number | null>>;

/** Such a share of a sentence has to stand in what it cites. */
export const SUPPORTED_MIN = 0.7;

export function judged(golden: GoldenQuestion, given: GivenAnswer, termsOf: Terms): Judged {
  const isDue = golden.items.length > 0;
  const refusal = given.answered === isDue ? 1 : 0;
  const found = isDue ? { recallAt5: recall(given.found, golden.items), ndcgAt10: ndcg(given.found, golden.items) } : { recallAt5: null, ndcgAt10: null };
  if (!isDue || !given.answered) return { ...found, citationPrecision: null, citationRecall: null, groundedness: null, rightItems: null, saysIt: isDue ? 0 : null, refusal };
  return { ...found, ...ofCitations(given, termsOf), rightItems: share(given.citations.map(({ itemId }) => golden.items.includes(itemId))), saysIt: says(golden, given.text), refusal };
}

function ofCitations({ text, citations }: GivenAnswer, termsOf: Terms): Pick<Judged, 'citationPrecision' | 'citationRecall' | 'groundedness'> {
  const supports = (claim: string, passage: string): boolean => supportOf(claim, passage, termsOf) >= SUPPORTED_MIN;
  const claims = claimsIn(text).filter(({ text: claim }) => termsOf(claim).length > 0);
  const pairs = claims.flatMap((claim) => claim.marks.map((mark) => ({ claim, cited: citations[mark - 1]?.text ?? '' })));
  return {
    citationPrecision: share(pairs.map(({ claim, cited }) => supports(claim.text, cited))),
    citationRecall: share(claims.map((claim) => claim.marks.length > 0 && supports(claim.text, claim.marks.map((mark) => citations[mark - 1]?.text ?? '').join('\n')))),
    groundedness: share(claims.map((claim) => supports(claim.text, citations.map(({ text: cited }) => cited).join('\n')))),
  };
}

/** As it is written, but for capitals, line ends and what Markdown is marked with. */
const plain = (text: string): string => text.replace(/\s?\[\d{1,3}\]/g, '').replace(/[*_`]/g, '').replace(/\s+/g, ' ').toLowerCase();
const says = ({ mustSay, mustNotSay }: GoldenQuestion, text: string): number =>
  mustSay.every((one) => plain(text).includes(plain(one))) && !mustNotSay.some((one) => plain(text).includes(plain(one))) ? 1 : 0;

/** Any item that holds the answer will do. */
const recall = (found: readonly string[], items: readonly string[]): number => (found.slice(0, 5).some((item) => items.includes(item)) ? 1 : 0);
function ndcg(found: readonly string[], items: readonly string[]): number {
  const gain = (at: number): number => 1 / Math.log2(at + 2);
  const best = items.slice(0, 10).reduce((sum, _, at) => sum + gain(at), 0);
  return [...new Set(found)].slice(0, 10).reduce((sum, item, at) => sum + (items.includes(item) ? gain(at) : 0), 0) / best;
}
const share = (of: readonly boolean[]): number | null => (of.length === 0 ? null : of.filter(Boolean).length / of.length);

export function summaryOf(all: readonly Judged[]): Summary {
  const mean = (values: readonly number[]): number | null => (values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length);
  return Object.fromEntries(MEASURES.map((measure) => [measure, mean(all.map((one) => one[measure]).filter((value) => value !== null))])) as Summary;
}

/** One question after the other: what is measured is not how many a model bears at once. */
export async function evaluated<Golden extends GoldenQuestion>(questions: readonly Golden[], answer: (question: string) => Promise<GivenAnswer>, termsOf: Terms): Promise<{ summary: Summary; each: ReadonlyMap<string, Judged & { given: GivenAnswer }> }> {
  const each = new Map<string, Judged & { given: GivenAnswer }>();
  for (const golden of questions) {
    const given = await answer(golden.question);
    each.set(golden.id, { ...judged(golden, given, termsOf), given });
  }
  return { summary: summaryOf([...each.values()]), each };
}
