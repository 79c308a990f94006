import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { openLog } from '../../platform/log.ts';
import { databaseOpener, type Database } from '../../platform/database/database.ts';
import { decimal, negated, sum, ZERO, type Decimal, type Money } from '../../platform/decimal.ts';
import { newId, type TenantId } from '../../platform/ids.ts';
import { deskOver, type Work } from '../../platform/work.ts';
import { freshDatabase, type TestDatabase } from '../../test/kit/databases.ts';
import { giftsOf } from './application/close-period.ts';
import { selfIn } from './application/on-tenant-created.ts';
import { CATALOG } from './domain/catalog.ts';
import { ACCOUNTS, entryOf, usageEntry, type NewEntry } from './domain/ledger.ts';
import type { Ports } from './domain/ports.ts';
import { Subscription } from './domain/subscription.ts';
import { migrations } from './infrastructure/migrations/index.ts';
import { sellPlans } from './infrastructure/postgres-plans.ts';
import { portsOver, tables } from './infrastructure/postgres-ports.ts';

const AT = Date.UTC(2026, 0, 1);
let at: TestDatabase;
let database: Database;
let work: Work<Ports>;
let owner: pg.Client;
beforeAll(async () => {
  at = await freshDatabase();
  const log = openLog({ level: 'silent', pretty: false, destination: { write: () => undefined } });
  database = await databaseOpener({ url: at.url, ownerUrl: at.ownerUrl, poolMax: 6, statementMs: 10_000, log })({ service: 'billing', tables, migrations });
  await sellPlans(database, CATALOG);
  ({ work } = deskOver(database, { ports: portsOver() }));
  owner = new pg.Client({ connectionString: at.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await database?.close();
  await at?.drop();
});

/** Amounts over any two accounts that sum to zero, at a minute of an hour. */
const someEntry = fc.record({
  minute: fc.integer({ min: 0, max: 59 }), currency: fc.constantFrom('USD', 'EUR'),
  amounts: fc.array(fc.tuple(fc.constantFrom(...ACCOUNTS), fc.bigInt({ min: 1n, max: 10n ** 24n })), { minLength: 1, maxLength: 3 }), other: fc.constantFrom(...ACCOUNTS),
});
const exact = (units: bigint): Decimal => decimal(`${units / 10n ** 12n}.${String(units % 10n ** 12n).padStart(12, '0')}`);
const moment = (minute: number): Date => new Date(AT + minute * 60_000);
type Some = typeof someEntry extends fc.Arbitrary<infer T> ? T : never;
const entry = (tenantId: TenantId, { minute, currency, amounts, other }: Some): NewEntry => entryOf({
  tenantId, currency, at: moment(minute), period: moment(0), kind: 'USAGE', source: newId('evt'), memo: 'some',
  postings: [...amounts.map(([account, units]) => ({ account, amount: exact(units) })), { account: other, amount: negated(sum(...amounts.map(([, units]) => exact(units)))) }],
});

describe('the books', () => {
  it('sum to zero at every moment, and each account is what was posted to it until then, whoever posts beside whom', () => fc.assert(fc.asyncProperty(
    fc.array(fc.array(someEntry, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 60 }), async (works, minute) => {
      const tenantId = newId('tnt');
      const entries = works.map((some) => some.map((one) => entry(tenantId, one)));
      await Promise.all(entries.map((some) => work(selfIn(tenantId), ({ ledger }) => ledger.post(some))));
      const until = moment(minute);
      const found = await work(selfIn(tenantId), async ({ ledger }) => Promise.all(ACCOUNTS.map(async (account) => [account, await ledger.balance(tenantId, account, until)] as const)));
      for (const currency of ['USD', 'EUR']) {
        const said = found.map(([account, balances]) => [account, balances.find((one) => one.currency === currency)?.amount ?? ZERO] as const);
        const posted = entries.flat().filter((one) => one.at <= until && one.currency === currency).flatMap(({ postings }) => postings);
        expect(sum(...said.map(([, amount]) => amount))).toBe(ZERO);
        for (const [account, amount] of said) expect([account, amount]).toEqual([account, sum(...posted.filter((one) => one.account === account).map((one) => one.amount))]);
      }
    }), { numRuns: 25 }), 120_000);

  it('take no entry that does not sum to zero, one without postings, or one of another moment', async () => {
    const tenantId = newId('tnt');
    const whole = entry(tenantId, { minute: 1, currency: 'USD', amounts: [['cash', 10n ** 12n]], other: 'receivable' });
    const post = (wrong: Partial<NewEntry>) => work(selfIn(tenantId), ({ ledger }) => ledger.post([{ ...whole, id: newId('led'), source: newId('evt'), ...wrong }]));
    expect(() => entryOf({ ...whole, postings: [{ account: 'cash', amount: decimal('1') }, { account: 'receivable', amount: decimal('-0.999999999999') }] })).toThrow('does not sum to zero');
    await expect(post({ postings: [{ account: 'cash', amount: decimal('1') }, { account: 'receivable', amount: decimal('-0.999999999999') }] })).rejects.toThrow(/does not sum to zero/);
    await expect(post({ postings: [{ account: 'cash', amount: decimal('1') }] })).rejects.toThrow(/does not sum to zero/);
    await post({});
    await expect(work(selfIn(tenantId), ({ ledger }) => ledger.post([whole, whole]))).rejects.toThrow();
    expect(await work(selfIn(tenantId), ({ ledger }) => ledger.balance(tenantId, 'cash'))).toEqual([{ amount: '1', currency: 'USD' }]);
  });

  it('are only added to, whoever tries', async () => {
    const tenantId = newId('tnt');
    await work(selfIn(tenantId), ({ ledger }) => ledger.post([entry(tenantId, { minute: 1, currency: 'USD', amounts: [['cash', 1n]], other: 'receivable' })]));
    for (const table of ['posting', 'ledger_entry']) {
      const column = table === 'posting' ? 'account' : 'memo';
      for (const sql of [`UPDATE billing.${table} SET ${column} = 'x'`, `DELETE FROM billing.${table}`]) {
        await expect(database.transaction(selfIn(tenantId), 'write', (em) => em.execute(sql))).rejects.toThrow(/permission denied/);
        await expect(owner.query(sql)).rejects.toThrow('The books are only added to.');
      }
    }
    await expect(owner.query('TRUNCATE billing.posting')).rejects.toThrow('The books are only added to.');
  });

  it('of another tenant are neither seen nor written', async () => {
    const [mine, other] = [newId('tnt'), newId('tnt')];
    await work(selfIn(other), ({ ledger }) => ledger.post([entry(other, { minute: 1, currency: 'USD', amounts: [['cash', 10n ** 12n]], other: 'receivable' })]));
    expect(await work(selfIn(mine), ({ ledger }) => ledger.balance(other, 'cash'))).toEqual([]);
    await expect(work(selfIn(mine), ({ ledger }) => ledger.post([entry(other, { minute: 1, currency: 'USD', amounts: [['cash', 1n]], other: 'receivable' })]))).rejects.toThrow(/row-level security/);
  });
});

describe('usage', () => {
  const [free, team] = CATALOG;
  const api = { metric: 'api.points', quantity: decimal('1000') };
  const subscribed = async (): Promise<TenantId> => {
    const tenantId = newId('tnt');
    await work(selfIn(tenantId), async ({ subscriptions }) => subscriptions.add(Subscription.open({ tenantId, sandbox: false, plan: free!, now: moment(0) })));
    return tenantId;
  };
  const book = (tenantId: TenantId, line: { at: Date; source: string; amount: Money }) => work(selfIn(tenantId), async ({ subscriptions, ledger }) => {
    const running = (await subscriptions.shared(tenantId))!.period();
    await ledger.post([usageEntry({ running, tenantId, ...api, ...line })!]);
  });
  const unbilled = (tenantId: TenantId, until?: Date) => work(selfIn(tenantId), ({ ledger }) => ledger.balance(tenantId, 'unbilled', until));
  const usd = (amount: string): Money => ({ amount: decimal(amount), currency: 'USD' });

  it('is booked once a source, and not at all when it is worth nothing', async () => {
    const tenantId = await subscribed();
    await book(tenantId, { at: moment(1), source: 'evt_1/0', amount: usd('0.0012345') });
    await expect(book(tenantId, { at: moment(1), source: 'evt_1/0', amount: usd('0.0012345') })).rejects.toThrow(/ledger_entry_once/);
    expect(await unbilled(tenantId)).toEqual([usd('0.0012345')]);
    expect(usageEntry({ running: { from: moment(0), to: moment(59) }, tenantId, at: moment(1), source: 'x', ...api, amount: usd('0') })).toBeNull();
  });

  it('that is heard of after its period was closed stands in the running one, and is given to whom it was free when it was used', async () => {
    const tenantId = await subscribed();
    await work(selfIn(tenantId), async ({ subscriptions }) => {
      const held = (await subscriptions.locked(tenantId))!;
      held.pay(team!, { seats: 10, currency: 'USD', reference: 'r', customer: 'c', period: { from: moment(30), to: moment(59) }, anchor: moment(30) });
    });
    await book(tenantId, { at: moment(10), source: 'a', amount: usd('0.5') });
    await book(tenantId, { at: moment(40), source: 'b', amount: usd('0.25') });
    expect(await unbilled(tenantId, moment(29))).toEqual([]);
    expect(await unbilled(tenantId)).toEqual([usd('0.75')]);
    const lines = await work(selfIn(tenantId), ({ ledger }) => ledger.lines(tenantId, moment(30)));
    expect(lines.map(({ late, free: isFree, amount }) => [late, isFree, amount])).toEqual([[true, true, '0.5'], [false, false, '0.25']]);
    const nothing = { ...team!, included: { points: 100, tokens: 0, storageBytes: 0 } };
    expect(giftsOf(lines, { plan: nothing, isPaid: true, period: { from: moment(30), to: moment(59) } })).toEqual([{ metric: 'api.points', quantity: '1100', amount: '0.525' }]);
    expect(giftsOf(lines, { plan: nothing, isPaid: false, period: { from: moment(30), to: moment(59) } })).toEqual([{ metric: 'api.points', quantity: '2000', amount: '0.75' }]);
  });

  it('that took place after the end of a period that nobody has closed yet is billed with the next', () => {
    const running = { from: moment(0), to: moment(30) };
    const at = (minute: number) => usageEntry({ running, tenantId: newId('tnt'), at: moment(minute), source: 'x', ...api, amount: usd('1') })!.period;
    expect([at(0), at(29), at(30), at(45)]).toEqual([moment(0), moment(0), moment(30), moment(30)]);
  });
});
