/**
 * How well a document fits: BM25 over its fields taken together (BM25F). A word counts by where it stands, and so does a
 * field's length. How rare a word is, how many documents there are and how long they are is counted within a caller's
 * reach, so that a score says nothing of what is outside.
 */

/** In halves, so that they stay whole numbers. */
export const WEIGHTS = { title: 6, tags: 4, body: 2, attached: 1 } as const;
export type Field = keyof typeof WEIGHTS;
export const FIELDS = Object.keys(WEIGHTS) as Field[];
const UNIT = 2;

/** Of those between 1.2 and 1.8, which are usual, the one that served the judged questions best (`npm run bench search-quality`). */
const K1 = 1.8;
const B = 0.75;
/** What stands in for a word counts less than the word itself. */
export const BEGINS_WEIGHT = 0.3;
export const MEANT_WEIGHT = 0.6;

/** Of the documents within reach. Lengths are weighted, as frequencies are. */
export interface Averages { readonly documents: number; readonly length: number }

export const rarity = (documents: number, withIt: number): number => Math.log(1 + (documents - withIt + 0.5) / (withIt + 0.5));

/** What a frequency is weighed against in a document: `base`, and `perLength` of it. */
export function dampingOf({ documents, length }: Averages): { base: number; perLength: number } {
  const average = documents > 0 && length > 0 ? length / documents : 1;
  return { base: K1 * UNIT * (1 - B), perLength: (K1 * UNIT * B) / average };
}

export const scoreOf = (factor: number, frequency: number, damping: number): number => (factor * frequency) / (frequency + damping);
/** What one word adds at most. */
export const factorOf = (documents: number, withIt: number, weight = 1): number => weight * rarity(documents, withIt) * (K1 + 1);
