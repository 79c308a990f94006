/**
 * Plans as Stripe sells them: a product a plan, and of each version two prices, of a month and of a further seat, found by a
 * key that names plan and version. They are made when they are first needed, once however many ask; one that says something
 * else than the plan is never sold.
 */
import type { Stripe } from 'stripe';
import { isZero } from '../../../../platform/decimal.ts';
import { CURRENCIES, type Currency, type Plan, type PlanKey } from '../../domain/plan.ts';
import { isCode, orNull } from './account.ts';
import { centsOf } from './amounts.ts';

export type Part = 'month' | 'seat';
const PARTS: readonly Part[] = ['month', 'seat'];
export type PlanPrices = Readonly<Record<Part, string>>;

export interface Prices {
  /** Of this version of the plan; null where it costs nothing. */
  of(plan: Plan): Promise<PlanPrices | null>;
  /** What is wrong with those that are there, in sentences. */
  check(plan: Plan): Promise<string[]>;
  /** Makes what is missing, whatever was there before. */
  mend(plan: Plan): Promise<void>;
}

export const lookupKey = ({ key, version }: Pick<Plan, 'key' | 'version'>, part: Part): string => `atlas_${key.toLowerCase()}_v${version}_${part}`;
const productOf = ({ key }: Plan): string => `atlas_${key.toLowerCase()}`;

/** What a price is a part of, if it is one of ours. */
export function partOf({ metadata }: Pick<Stripe.Price, 'metadata'>): { plan: PlanKey; planVersion: number; part: Part } | null {
  const { atlas_plan: plan, atlas_version: version, atlas_part: part } = metadata;
  return plan && version && (part === 'month' || part === 'seat') ? { plan: plan as PlanKey, planVersion: Number(version), part } : null;
}

const nameOf = ({ key, version }: Plan): string => `${key} ${version}`;
const isFree = ({ prices }: Plan): boolean => CURRENCIES.every((currency) => isZero(prices[currency].month) && isZero(prices[currency].seat));
const centsIn = (plan: Plan, part: Part, currency: Currency): number => centsOf({ amount: plan.prices[currency][part], currency });

export function pricesAt(stripe: Stripe): Prices {
  const known = new Map<string, Promise<PlanPrices>>();
  return {
    async of(plan) {
      if (isFree(plan)) return null;
      const name = nameOf(plan);
      const found = known.get(name) ?? ensure(stripe, plan);
      known.set(name, found);
      return found.catch((error: unknown) => { known.delete(name); throw error; });
    },
    async mend(plan) {
      if (isFree(plan)) return;
      known.delete(nameOf(plan));
      await ensure(stripe, plan);
    },
    async check(plan) {
      if (isFree(plan)) return [];
      const there = await listed(stripe, plan);
      return PARTS.flatMap((part) => {
        const price = there.get(lookupKey(plan, part));
        return price ? faultsOf(plan, part, price) : [`The price ${lookupKey(plan, part)} is missing.`];
      });
    },
  };
}

async function ensure(stripe: Stripe, plan: Plan): Promise<PlanPrices> {
  let there = await listed(stripe, plan);
  if (there.size < PARTS.length) {
    await makeProduct(stripe, plan);
    for (const part of PARTS) if (!there.has(lookupKey(plan, part))) await makePrice(stripe, plan, part);
    there = await listed(stripe, plan);
  }
  const faults = PARTS.flatMap((part) => faultsOf(plan, part, there.get(lookupKey(plan, part))!));
  if (faults.length > 0) throw new Error(faults.join(' '));
  return { month: there.get(lookupKey(plan, 'month'))!.id, seat: there.get(lookupKey(plan, 'seat'))!.id };
}

async function listed(stripe: Stripe, plan: Plan): Promise<Map<string, Stripe.Price>> {
  const { data } = await stripe.prices.list({ lookup_keys: PARTS.map((part) => lookupKey(plan, part)), expand: ['data.currency_options'] });
  return new Map(data.map((price) => [price.lookup_key!, price]));
}

/** A price is never sold that says something else than the plan. */
function faultsOf(plan: Plan, part: Part, price: Stripe.Price): string[] {
  const said = (currency: Currency) => (price.currency === currency.toLowerCase() ? price.unit_amount : price.currency_options?.[currency.toLowerCase()]?.unit_amount) ?? null;
  const wrong = CURRENCIES.filter((currency) => said(currency) !== centsIn(plan, part, currency));
  return [
    ...wrong.map((currency) => `The price ${lookupKey(plan, part)} is ${said(currency) ?? 'nothing'} in ${currency}, and ${centsIn(plan, part, currency)} here.`),
    ...(price.active ? [] : [`The price ${lookupKey(plan, part)} is archived.`]),
    ...(price.recurring?.interval === 'month' && price.recurring.interval_count === 1 ? [] : [`The price ${lookupKey(plan, part)} is not of a month.`]),
  ];
}

async function makeProduct(stripe: Stripe, plan: Plan): Promise<void> {
  const id = productOf(plan);
  if (await orNull(stripe.products.retrieve(id))) return;
  await unlessThere(stripe.products.create({ id, name: `Atlas ${plan.name}`, metadata: { atlas_plan: plan.key } }));
}

async function makePrice(stripe: Stripe, plan: Plan, part: Part): Promise<void> {
  const [base, ...others] = CURRENCIES;
  await unlessThere(stripe.prices.create({
    product: productOf(plan), lookup_key: lookupKey(plan, part), nickname: part === 'month' ? `${plan.name}, a month` : `${plan.name}, a further seat`, recurring: { interval: 'month' },
    currency: base.toLowerCase(), unit_amount: centsIn(plan, part, base),
    currency_options: Object.fromEntries(others.map((currency) => [currency.toLowerCase(), { unit_amount: centsIn(plan, part, currency) }])),
    metadata: { atlas_plan: plan.key, atlas_version: String(plan.version), atlas_part: part },
  }));
}

/** Another process was as fast: there is one of each id and of each key, Stripe sees to that. */
const unlessThere = async (made: Promise<unknown>): Promise<void> => {
  await made.catch((error: unknown) => { if (!isCode(error, 'resource_already_exists')) throw error; });
};
