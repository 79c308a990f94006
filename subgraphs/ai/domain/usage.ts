/** What an answer has used, and what that is worth: exact, because it is billed. */
import { ZERO, decimal, share, sum, type Decimal } from '../../../platform/decimal.ts';
import { messagesOf } from './messages.ts';
import type { ModelUsage, Price, Prompt } from './models.ts';

export interface Spent extends ModelUsage { readonly cost: Decimal; readonly currency: string }
export const NOTHING: Spent = { inputTokens: 0, outputTokens: 0, cost: ZERO, currency: 'USD' };

const MILLION = 1_000_000;
/** A price of a millionth part of a cent for a million tokens is still exact. */
const PLACES = 14;
/** English has about as many; others have more tokens for as many bytes, so none is underestimated by much. */
const BYTES_A_TOKEN = 4;
const bytes = new TextEncoder();

export const spentOf = ({ inputTokens, outputTokens }: ModelUsage, price: Price): Spent => ({
  inputTokens, outputTokens, currency: price.currency,
  cost: sum(worth(inputTokens, price.input), worth(outputTokens, price.output)),
});
const worth = (tokens: number, each: string): Decimal => share(decimal(each), { part: tokens, whole: MILLION, places: PLACES });

/** Where a model does not say it, or was stopped before it could. */
export const estimatedTokens = (text: string): number => Math.ceil(bytes.encode(text).length / BYTES_A_TOKEN);
export const estimatedUsage = (prompt: Prompt, said: string): ModelUsage => ({
  inputTokens: [...messagesOf(prompt).map(({ text }) => text), ...(prompt.used ?? []).map(({ output }) => output)].reduce((all, text) => all + estimatedTokens(text), 0),
  outputTokens: estimatedTokens(said),
});
export const plus = (one: Spent, other: Spent): Spent => ({ inputTokens: one.inputTokens + other.inputTokens, outputTokens: one.outputTokens + other.outputTokens, cost: sum(one.cost, other.cost), currency: other.currency });
