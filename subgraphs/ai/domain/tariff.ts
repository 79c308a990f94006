/** What is used is worth something to whoever pays for it, by what the tenant has bought: exact, and the same wherever it is said. */
import { decimal, minus, share, sum, times, ZERO, type Decimal } from '../../../platform/decimal.ts';
import type { CollectionId } from '../../../platform/ids.ts';
import type { Spent } from './usage.ts';

/** As it was when the question was asked, and is billed by. `plan`: as the meter reads it. Each price is of one. */
export interface Tariff { readonly plan: string; readonly currency: string; readonly input: Decimal; readonly output: Decimal; readonly cost: Decimal }
export type Quantities = Pick<Spent, 'inputTokens' | 'outputTokens' | 'cost'>;
/** Without an `amount` nobody here knows what the tenant pays by. */
export interface UsedLine { readonly metric: string; readonly quantity: Decimal; readonly amount?: Decimal; readonly currency?: string }

/** Into so many places a sum is parted between collections. */
const PLACES = 24;

/** Without a tariff it is worth what the model's maker takes. */
export const worthOf = ({ inputTokens, outputTokens, cost }: Quantities, tariff: Tariff | null): Decimal =>
  (tariff ? sum(times(tariff.input, inputTokens), times(tariff.output, outputTokens), times(tariff.cost, cost)) : cost);

export function linesOf({ inputTokens, outputTokens, cost }: Quantities, tariff: Tariff | null): UsedLine[] {
  const line = (metric: string, quantity: Decimal, price: Decimal | undefined): UsedLine => ({ metric, quantity, ...(tariff && price && { amount: times(price, quantity), currency: tariff.currency }) });
  return [line('ai.input-tokens', decimal(inputTokens), tariff?.input), line('ai.output-tokens', decimal(outputTokens), tariff?.output), line('ai.cost', cost, tariff?.cost)];
}

/** What has come to it since. */
export const since = (now: Quantities, before: Quantities): Quantities => ({ inputTokens: now.inputTokens - before.inputTokens, outputTokens: now.outputTokens - before.outputTokens, cost: minus(now.cost, before.cost) });
export const isNothing = ({ inputTokens, outputTokens, cost }: Quantities): boolean => inputTokens === 0 && outputTokens === 0 && cost === ZERO;

/** Each collection that a question is limited to has an equal part in it; together they have all of it. Null: of none alone. */
export function partsOf(spent: Quantities, collectionIds: readonly CollectionId[] | null): (Quantities & { collectionId: CollectionId | null })[] {
  if (collectionIds === null || collectionIds.length === 0) return [{ ...spent, collectionId: null }];
  const whole = collectionIds.length;
  const others = { inputTokens: Math.floor(spent.inputTokens / whole), outputTokens: Math.floor(spent.outputTokens / whole), cost: share(spent.cost, { part: 1, whole, places: PLACES }) };
  const rest = since(spent, { inputTokens: others.inputTokens * (whole - 1), outputTokens: others.outputTokens * (whole - 1), cost: times(others.cost, whole - 1) });
  return collectionIds.map((collectionId, at) => ({ ...(at === 0 ? rest : others), collectionId }));
}
