/**
 * Budgets at the edge: what an operation may cost is drawn, before it runs, from what this process has reserved in
 * billing, and what it was not worth goes back. While there is room that is a matter of memory; for more a block is
 * asked for, of all budgets that concern the caller at once, by whoever comes first for all who wait.
 *
 * Where billing does not answer, whoever is known to have a hard budget spends what was last reserved and is refused
 * then; everybody else goes on.
 */
import { LRUCache } from 'lru-cache';
import { compare, decimal, ZERO, type Decimal } from '../../platform/decimal.ts';
import { AtlasError } from '../../platform/errors.ts';
import type { TenantId } from '../../platform/ids.ts';
import type { Log } from '../../platform/log.ts';
import { loop } from '../../platform/loop.ts';
import type { Events } from '../../platform/service.ts';
import { Account, type Drawn } from './account.ts';
import type { BillingDoor, BudgetUnit, Granted, Refused, Spender, Want } from '../../platform/billing/ports.ts';
import { Purse } from './purse.ts';
import type { Tariff } from '../../platform/billing/tariff.ts';

export const BUDGETS_CHANGED = ['billing.budget-set', 'billing.budget-deleted'];
const ACCOUNTS_MAX = 50_000;
/** What is asked for at once, in points, or what they are worth: a second of a busy program. Billing grants less when little is left. */
const BLOCK_POINTS = 10_000;
const SWEEP_MS = 5_000;
/** How often somebody may find that others were quicker. */
const TRIES_MAX = 20;

export interface Budgets {
  /** Throws or rejects with BUDGET_EXCEEDED; a promise only where somebody must be asked. */
  draw(spender: Spender, points: number, tariff: Tariff | null): Pick<Drawn, 'more' | 'settle'> | Promise<Pick<Drawn, 'more' | 'settle'>>;
  /** Gives back what is reserved. */
  stop(): Promise<void>;
}

interface Given { billing: Pick<BillingDoor, 'lease' | 'giveBack'>; holder: string; tail: Events['tail']; log: Log }

export function openBudgets(given: Given): Budgets {
  const { billing, holder, log } = given;
  const accounts = new LRUCache<string, Account>({ max: ACCOUNTS_MAX });
  const purses = new Map<TenantId, Map<string, Purse>>();

  const accountOf = (spender: Spender): Account => {
    const name = `${spender.tenantId} ${spender.userId ?? spender.keyId}`;
    let account = accounts.get(name);
    if (!account) accounts.set(name, account = new Account(spender));
    return account;
  };
  const purseOf = (tenantId: TenantId, lease: Granted): Purse => {
    let own = purses.get(tenantId);
    if (!own) purses.set(tenantId, own = new Map<string, Purse>());
    let purse = own.get(lease.budgetId);
    if (!purse) own.set(lease.budgetId, purse = new Purse(lease));
    return purse;
  };
  const giveBack = async (tenantId: TenantId, some: Iterable<Purse>, isEnd = false): Promise<void> => {
    const rests = [...some].flatMap((purse) => purse.spare(Date.now(), isEnd) ?? []);
    if (rests.length > 0) await billing.giveBack(tenantId, holder, rests).catch((error: unknown) => log.warn({ err: error, tenantId }, 'What was reserved under a budget could not be given back; it comes back by itself.'));
  };

  const ask = async (account: Account, points: number, tariff: Tariff | null): Promise<void> => {
    const { tenantId } = account.spender;
    try {
      // What has expired may have been taken back: it is begun with anew.
      await giveBack(tenantId, account.purses);
      const wants = wantsOf(account, points, tariff);
      let { leases, refusal } = await billing.lease(account.spender, holder, wants);
      // Of a budget in another currency than the tenant's nothing is ever counted, so it holds up nobody.
      if (refusal?.unit === 'MONEY' && refusal.currency !== tariff?.currency) ({ leases, refusal } = await billing.lease(account.spender, holder, wants.filter(({ unit }) => unit !== 'MONEY')));
      const now = Date.now();
      if (refusal) return account.refuse(refusal, now);
      account.heard(leases.filter(({ hard }) => hard).map((lease) => {
        const purse = purseOf(tenantId, lease);
        purse.grant(lease, now);
        return purse;
      }), now);
    } catch (error) {
      log.warn({ err: error, tenantId }, 'Budgets could not be asked; who has none that is hard goes on.');
      account.unanswered(Date.now());
    }
  };
  const asked = (account: Account, points: number, tariff: Tariff | null): Promise<void> =>
    account.asking ??= ask(account, points, tariff).finally(() => { account.asking = null; });

  const drawSlowly = async (account: Account, points: number, tariff: Tariff | null): Promise<Pick<Drawn, 'more' | 'settle'>> => {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const now = Date.now();
      const drawn = account.draw(points, tariff, now);
      if (drawn) return drawn;
      const refusal = account.refusalOf(({ unit }) => worthIn(unit, points, tariff), now);
      if (refusal) throw exceeded(refusal);
      if (account.isSilent(now)) {
        const rest = account.draw(points, tariff, now, true);
        if (rest) return rest;
        throw new AtlasError('SUBGRAPH_UNAVAILABLE', 'What is left of your budget cannot be found out at the moment.');
      }
      await (account.asking ?? asked(account, points, tariff));
    }
    throw new AtlasError('OVERLOADED');
  };

  const sweep = loop({ name: 'gateway budgets', everyMs: SWEEP_MS, log, round: async () => {
    for (const [tenantId, own] of purses) {
      await giveBack(tenantId, own.values());
      for (const purse of own.values()) if (purse.isForgotten(Date.now())) own.delete(purse.budgetId);
      if (own.size === 0) purses.delete(tenantId);
    }
  } });
  const tail = given.tail(BUDGETS_CHANGED, async ({ tenant }) => {
    for (const account of accounts.values()) if (account.spender.tenantId === tenant) account.forget();
  });

  return {
    draw(spender, points, tariff) {
      const account = accountOf(spender);
      const now = Date.now();
      const drawn = account.draw(points, tariff, now);
      if (!drawn) return drawSlowly(account, points, tariff);
      if (account.wantsNews(now)) void asked(account, 0, tariff);
      return drawn;
    },
    async stop() {
      await Promise.all([sweep.stop(), tail.stop()]);
      await Promise.all([...purses].map(([tenantId, own]) => giveBack(tenantId, own.values(), true)));
    },
  };
}

function wantsOf(account: Account, points: number, tariff: Tariff | null): Want[] {
  const now = Date.now();
  const block = Math.max(BLOCK_POINTS, points);
  const units: readonly BudgetUnit[] = tariff ? ['POINTS', 'MONEY'] : ['POINTS'];
  return units.map((unit) => account.wants(unit, worthIn(unit, points, tariff), worthIn(unit, block, tariff), now));
}

const worthIn = (unit: BudgetUnit, points: number, tariff: Tariff | null): Decimal => (unit === 'POINTS' ? decimal(points) : tariff?.points(points) ?? ZERO);

function exceeded({ unit, currency, limit, remaining, resetAt }: Refused): AtlasError {
  const left = compare(remaining, ZERO) > 0 ? remaining : ZERO;
  return new AtlasError('BUDGET_EXCEEDED', undefined, { budget: { unit, ...(currency !== null && { currency }), limit, remaining: left, resetAt } });
}
