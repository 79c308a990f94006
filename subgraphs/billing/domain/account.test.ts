import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compare, decimal, minus, sum, times, ZERO, type Decimal } from '../../../platform/decimal.ts';
import { BudgetAccount, QUIET_MS } from './account.ts';
import { STEPS } from './budget.ts';

const LIMIT = decimal('1000.5');
const to = new Date(Date.UTC(2030, 0));
const open = (hard = true) => new BudgetAccount({ amount: LIMIT, hard, places: 12, to }, { spent: ZERO, leased: ZERO, told: 0, leases: [] });
const amount = fc.integer({ min: 0, max: 3_000_000 }).map((n) => decimal(`${Math.floor(n / 10_000)}.${String(n % 10_000).padStart(4, '0')}`));
const holder = fc.constantFrom('a', 'b', 'c', 'd');

type Step = { what: 'lease' | 'use' | 'back' | 'expire'; holder: string; amount: Decimal; atLeast: Decimal };
const steps: fc.Arbitrary<Step[]> = fc.array(fc.record({ what: fc.constantFrom('lease', 'use', 'back', 'expire'), holder, amount, atLeast: amount }), { maxLength: 60 });

describe('a hard budget', () => {
  it('whose holders use what they were granted and no more is never passed, by no digit, whatever they do in whatever order', () => {
    fc.assert(fc.property(steps, (done) => {
      const account = open();
      const may = new Map<string, Decimal>();
      let now = new Date(Date.UTC(2029, 11));
      for (const { what, holder: who, amount: much, atLeast } of done) {
        const left = may.get(who) ?? ZERO;
        if (what === 'lease') {
          const offer = account.offer({ amount: sum(much, atLeast), atLeast });
          if (offer === null) continue;
          expect(compare(offer, atLeast)).toBeGreaterThanOrEqual(0);
          account.grant(who, offer, now);
          may.set(who, sum(left, offer));
        } else if (what === 'use') {
          const used = compare(much, left) <= 0 ? much : left;
          account.use(used, who);
          may.set(who, minus(left, used));
        } else if (what === 'back') {
          const back = compare(much, left) <= 0 ? much : left;
          account.giveBack(who, back);
          may.set(who, minus(left, back));
        } else {
          now = new Date(now.getTime() + 60_000 + QUIET_MS);
          account.expire(now);
          may.clear(); // nobody uses what has expired
        }
        expect(compare(sum(account.spent, account.leased), LIMIT)).toBeLessThanOrEqual(0);
        expect(account.leased).toBe(sum(...may.values()));
      }
    }), { numRuns: 300 });
  });

  it('is used up by what nobody had reserved too, and grants nothing from then on', () => {
    const account = open();
    account.use(decimal('1001'), 'nobody');
    expect(account.remaining()).toBe('-0.5');
    expect(account.offer({ amount: decimal(1), atLeast: ZERO })).toBeNull();
  });

  it('gives an eighth of what is left at most, unless more is needed', () => {
    const account = new BudgetAccount({ amount: decimal(80), hard: true, places: 0, to }, { spent: ZERO, leased: ZERO, told: 0, leases: [] });
    expect(account.offer({ amount: decimal(100), atLeast: ZERO })).toBe('10');
    expect(account.offer({ amount: decimal(3), atLeast: ZERO })).toBe('3');
    expect(account.offer({ amount: decimal(100), atLeast: decimal(79) })).toBe('79');
    expect(account.offer({ amount: decimal(100), atLeast: decimal(81) })).toBeNull();
  });

  it('leaves a lease alone until it has been quiet for long enough, and ends it with the period', () => {
    const account = open();
    const now = new Date(to.getTime() - 1_000);
    const expiresAt = account.grant('a', decimal(5), now);
    expect(expiresAt).toEqual(to);
    account.expire(new Date(expiresAt.getTime() + QUIET_MS - 1));
    expect(account.leased).toBe('5');
    account.expire(new Date(expiresAt.getTime() + QUIET_MS));
    expect([account.leased, account.kept().ended]).toEqual(['0', ['a']]);
  });
});

describe('steps', () => {
  it('are each told once, and of several that are passed at once the highest', () => {
    const account = open(false);
    const told = ['400', '150.25', '0', '300', '800', '1'].map((used) => { account.use(decimal(used), null); return account.stepToTell(); });
    expect(told).toEqual([null, 50, null, 80, 100, null]);
  });

  it('are told as soon as they are come to and never again, whatever is given back meanwhile', () => {
    const change = fc.integer({ min: -6_000_000, max: 6_000_000 }).map((n) => decimal((n / 10_000).toFixed(4)));
    fc.assert(fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const account = open(false);
      const told: number[] = [];
      for (const used of changes) {
        account.use(used, null);
        const step = account.stepToTell();
        if (step !== null) told.push(step);
        for (const each of STEPS) if (compare(times(account.spent, 100), times(LIMIT, each)) >= 0) expect(told.at(-1)).toBeGreaterThanOrEqual(each);
      }
      expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    }));
  });

  it('are the same in the end whatever the order, where nothing is given back', () => {
    const both = fc.array(amount, { maxLength: 20 }).chain((used) => fc.tuple(fc.constant(used), fc.shuffledSubarray(used, { minLength: used.length })));
    fc.assert(fc.property(both, (orders) => {
      const [one, other] = orders.map((used) => {
        const account = open(false);
        for (const each of used) { account.use(each, null); account.stepToTell(); }
        return account.told;
      });
      expect(one).toBe(other);
    }));
  });
});
