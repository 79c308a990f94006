/** Which part of a passage a model means when it cites it: the sentence that says best what was just said. */
import { newId } from '../../../platform/ids.ts';
import type { Citation } from './citation.ts';
import type { FoundPassage } from './flow.ts';
import { claimsIn, standsAt } from './support.ts';
import type { Terms } from './terms.ts';

/** Of the text before a mark, only so much can be the sentence that it ends. */
const BEFORE_MAX = 1_000;

export function citationOf(passage: FoundPassage, mark: number, before: string, termsOf: Terms): Citation {
  const claim = claimsIn(before.slice(-BEFORE_MAX)).at(-1)?.text ?? '';
  const { start, end } = standsAt(claim, passage, termsOf);
  return { id: newId('cit'), mark, itemId: passage.itemId, version: passage.version, start, end, passage: passage.text.slice(start - passage.start, end - passage.start) };
}
