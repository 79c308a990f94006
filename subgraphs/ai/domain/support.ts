/** Whether an answer says what its passages say: sentence by sentence, by what of it stands in what it cites. */
import type { Passage } from './models.ts';
import { sentencesOf, type Span } from './sentences.ts';
import { wordsIn, type Terms } from './terms.ts';

/** A sentence of an answer, and the marks in it; one behind its point belongs to it. */
export interface Claim extends Span { readonly text: string; readonly marks: readonly number[] }

const MARK = /\[(\d{1,3})\]/g;
const ONLY_MARKS = /^(?:\[\d{1,3}\]\s*)+/;
const NUMBER = /^\p{N}/u;
/** Words that turn a sentence into its opposite. */
const NEGATIONS = new Set(['not', 'no', 'never', 'none', 'neither', 'nor', 'cannot', 'without', 'nicht', 'kein', 'keine', 'nie', 'niemals', 'ohne']);
const negates = (word: string): boolean => NEGATIONS.has(word) || word.endsWith("n't");

export function claimsIn(answer: string): Claim[] {
  const claims: Claim[] = [];
  for (const { start, end } of sentencesOf(answer, 'end')) {
    let from = start;
    const trailing = claims.length > 0 ? ONLY_MARKS.exec(answer.slice(start, end))?.[0] : undefined;
    if (trailing) {
      const last = claims.pop()!;
      claims.push(claimOf(answer, last.start, start + trailing.trimEnd().length));
      from += trailing.length;
    }
    if (from < end) claims.push(claimOf(answer, from, end));
  }
  return claims;
}

function claimOf(answer: string, start: number, end: number): Claim {
  const text = answer.slice(start, end);
  return { start, end, text, marks: [...new Set([...text.matchAll(MARK)].map(([, mark]) => Number(mark)))] };
}

/** Of a claim's terms the share that stands in the text; none where it says a number, or a denial, that the text does not. */
export function supportOf(claim: string, text: string, termsOf: Terms): number {
  const said = claim.replace(MARK, ' ');
  const words = new Set(wordsIn(text));
  const claimed = wordsIn(said);
  if (claimed.some((word) => NUMBER.test(word) && !words.has(word))) return 0;
  if (claimed.some(negates) && ![...words].some(negates)) return 0;
  const terms = new Set(termsOf(said));
  if (terms.size === 0) return 0;
  const known = new Set(termsOf(text));
  return [...terms].filter((term) => known.has(term)).length / terms.size;
}

/** Where in a passage a claim is best supported: one sentence of it, in units of the item's body. */
export function standsAt(claim: string, passage: Passage, termsOf: Terms): Span & { support: number } {
  const spans = sentencesOf(passage.text);
  const weighed = spans.map((span) => ({ ...span, support: supportOf(claim, passage.text.slice(span.start, span.end), termsOf) }));
  const best = weighed.reduce<(typeof weighed)[number] | null>((so, one) => (so && so.support >= one.support ? so : one), null);
  return best && best.support > 0 ? { start: passage.start + best.start, end: passage.start + best.end, support: best.support } : { start: passage.start, end: passage.end, support: supportOf(claim, passage.text, termsOf) };
}
