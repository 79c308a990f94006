/** What a question may come to before anybody knows what it does. */
import { PASSAGES_MAX } from './choosing.ts';
import type { ModelUsage, Price } from './models.ts';
import { PASSAGE_MAX } from './passages.ts';
import { estimatedTokens, spentOf, type Spent } from './usage.ts';

/** With less room than this for what it says, a model is not asked at all. */
const SAYS_MIN = 64;
/** More is asked for when there is room for less than this; and so much then. */
const AHEAD = 128;
const WISHED = 512;
const PASSAGES_TOKENS = Math.ceil((PASSAGES_MAX * PASSAGE_MAX) / 4);

export interface Need { readonly used: Spent; readonly ahead: Spent; readonly wished: Spent }

const needOf = ({ inputTokens, outputTokens }: ModelUsage, price: Price, wished: ModelUsage = { inputTokens, outputTokens: outputTokens + WISHED }): Need => {
  const of = (usage: ModelUsage): Spent => spentOf(usage, price);
  return { used: of({ inputTokens, outputTokens }), ahead: of({ inputTokens, outputTokens: outputTokens + AHEAD }), wished: of(wished) };
};

/** Of a question that nothing has been found for: what there is to read of it in any case; as many passages as there may be are wished for. */
export function needOfQuestion(texts: readonly string[], price: Price): Need {
  const inputTokens = texts.reduce((all, text) => all + estimatedTokens(text), 0);
  return needOf({ inputTokens, outputTokens: SAYS_MIN }, price, { inputTokens: inputTokens + PASSAGES_TOKENS, outputTokens: WISHED });
}
/** Of a call, before it is made. */
export const needOfCall = (inputTokens: number, price: Price): Need => needOf({ inputTokens, outputTokens: SAYS_MIN }, price);
/** Of one that has said so much; a piece may be more than a token. */
export const needOfSaid = (inputTokens: number, { pieces, text }: { pieces: number; text: string }, price: Price): Need => needOf({ inputTokens, outputTokens: Math.max(pieces, estimatedTokens(text)) }, price);
