/** Billing as the gateway meets it, in memory: prices, and budgets that are granted as the real ones are. */
import { compare, decimal, least, minus, share, sum, ZERO, type Decimal } from '../../platform/decimal.ts';
import type { Envelope } from '../../platform/event.ts';
import type { Tail } from '../../platform/bus/bus.ts';
import type { BillingDoor, Entitlements, Granted } from '../../platform/billing/ports.ts';

export interface FakeBudget { budgetId: string; unit: 'POINTS' | 'MONEY'; currency: string | null; limit: Decimal; leased: Decimal; hard: boolean; of: string | null }

export const PRICES = { 'api.points': decimal('0.000003'), 'ai.input-tokens': decimal('0.00001'), 'ai.output-tokens': decimal('0.00007'), 'ai.cost': decimal('1.25') };
const ENTITLED: Entitlements = { version: 1, plan: 'TEAM', planVersion: 3, currency: 'EUR', limits: {}, prices: PRICES };

export interface FakeBilling extends BillingDoor {
  entitled: Entitlements | null;
  budgets: FakeBudget[];
  /** How often it was asked for leases, and what was given back. */
  asked: number;
  returned: { budgetId: string; amount: Decimal }[];
  /** Null while it answers. */
  away: Error | null;
  leaseMs: number;
  add(budget: Partial<FakeBudget> & Pick<FakeBudget, 'unit' | 'limit'>): FakeBudget;
}

export function fakeBilling(): FakeBilling {
  const resetAt = new Date(Date.now() + 86_400_000).toISOString();
  const termsOf = ({ budgetId, unit, currency, limit, leased, hard }: FakeBudget) => ({ budgetId, unit, currency, limit, remaining: minus(limit, leased), resetAt, hard });
  const fake: FakeBilling = {
    entitled: ENTITLED, budgets: [], asked: 0, returned: [], away: null, leaseMs: 60_000,
    add(budget) {
      const made = { budgetId: `bud_${fake.budgets.length}`, currency: budget.unit === 'MONEY' ? 'EUR' : null, leased: ZERO, hard: true, of: null, ...budget };
      fake.budgets.push(made);
      return made;
    },
    async entitlements() {
      if (fake.away) throw fake.away;
      return fake.entitled;
    },
    async lease({ userId, keyId }, _holder, wants) {
      fake.asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (fake.away) throw fake.away;
      const concerned = fake.budgets.filter(({ of, unit }) => (of === null || of === (userId ?? keyId)) && wants.some((want) => want.unit === unit));
      const offers = concerned.map((budget) => {
        const { amount, atLeast } = wants.find(({ unit }) => unit === budget.unit)!;
        const left = minus(budget.limit, budget.leased);
        if (budget.hard && (compare(left, ZERO) <= 0 || compare(left, atLeast) < 0)) return null;
        const part = share(left, { part: 1, whole: 8, places: budget.unit === 'POINTS' ? 0 : 12 });
        return budget.hard ? least(amount, compare(part, atLeast) >= 0 ? part : atLeast === ZERO ? left : atLeast) : amount;
      });
      const refused = concerned.find((_, at) => offers[at] === null);
      if (refused) return { leases: [], refusal: termsOf(refused) };
      const expiresAt = new Date(Date.now() + fake.leaseMs).toISOString();
      return { refusal: null, leases: concerned.map((budget, at): Granted => {
        const terms = termsOf(budget);
        if (budget.hard) budget.leased = sum(budget.leased, offers[at]!);
        return { ...terms, collectionId: null, granted: offers[at]!, expiresAt };
      }) };
    },
    async giveBack(_tenantId, _holder, leases) {
      for (const { budgetId, amount } of leases) {
        fake.returned.push({ budgetId, amount });
        const budget = fake.budgets.find((one) => one.budgetId === budgetId)!;
        budget.leased = minus(budget.leased, amount);
      }
    },
  };
  return fake;
}

/** A tail that says what a test lets it. */
export function fakeTail(): { tail: (types: readonly string[], handler: (event: Envelope, position: string) => Promise<void>) => Tail; say(event: Partial<Envelope>): Promise<void> } {
  const hearing: { types: readonly string[]; handler: (event: Envelope, position: string) => Promise<void> }[] = [];
  return {
    tail(types, handler) {
      hearing.push({ types, handler });
      return { place: () => '0', behindMs: () => 0, stop: async () => undefined };
    },
    async say(event) { for (const { types, handler } of hearing) if (types.includes(event.type!)) await handler(event as Envelope, '0'); },
  };
}

/** An outbox in memory. */
export function fakeOutbox() {
  const rows: Envelope[] = [];
  const outbox = {
    rows, commits: 0, away: null as Error | null,
    database: { transaction: async (_: unknown, __: unknown, body: (em: never) => Promise<unknown>) => {
      const written: Envelope[] = [];
      await body({ execute: async (_sql: string, values: string[]) => { for (let n = 2; n < values.length; n += 3) written.push(JSON.parse(values[n]!) as Envelope); } } as never);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (outbox.away) throw outbox.away;
      rows.push(...written);
      outbox.commits += 1;
    } } as never,
    /** The sum of a metric's lines. */
    total: (metric: string, of: (line: { attributes?: Record<string, string> }) => boolean = () => true): number =>
      rows.flatMap(({ usage = [] }) => usage).filter((line) => line.metric === metric && of(line)).reduce((all, { quantity }) => all + Number(quantity), 0),
  };
  return outbox;
}
