/** The gateway's side of billing, as the edge knows it: a tab for each operation of somebody who pays. */
import type { Database } from '../../platform/database/database.ts';
import { ZERO } from '../../platform/decimal.ts';
import type { Log } from '../../platform/log.ts';
import type { Events } from '../../platform/service.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Drawn } from './account.ts';
import { openBudgets } from './budgets.ts';
import type { BillingDoor, Spender } from '../../platform/billing/ports.ts';
import { openPrices } from '../../platform/billing/prices.ts';
import { Tab, UNBILLED, type Billed } from './tab.ts';
import type { Tariff } from '../../platform/billing/tariff.ts';
import { openUsage } from './usage.ts';

export interface Billing {
  /** What it may be worth is drawn from every hard budget that concerns its caller; BUDGET_EXCEEDED when one does not reach. Null for who pays nothing: strangers, and people outside of any tenant. A promise only where somebody must be asked. */
  open(viewer: Viewer, points: number): Tab | null | Promise<Tab | null>;
  /** What is said to whoever has spent nothing. */
  nothing(viewer: Viewer): Billed;
  /** Operations that a tenant's plan allows in a minute, as far as is known at this moment. */
  requestsPerMinute(tenantId: string): number | null;
  /** Writes what is not written yet, and gives back what is reserved. */
  stop(): Promise<void>;
}

interface Given { service: BillingDoor; database: Pick<Database, 'transaction'>; events: Pick<Events, 'tail' | 'told'>; log: Log }

export function openBilling({ service, database, events, log }: Given): Billing {
  const tail: Events['tail'] = (...given) => events.tail(...given);
  const usage = openUsage({ database, told: () => events.told(), log });
  const prices = openPrices({ billing: service, tail, log });
  const budgets = openBudgets({ billing: service, holder: usage.holder, tail, log });
  const till = { usage, budgets };

  const drawn = (spender: Spender, points: number, tariff: Tariff | null): Tab | Promise<Tab> => {
    const tab = (from: Pick<Drawn, 'more' | 'settle'>) => new Tab(till, spender, tariff, from, points);
    const from = budgets.draw(spender, points, tariff);
    return from instanceof Promise ? from.then(tab) : tab(from);
  };

  return {
    open(viewer, points) {
      const spender = spenderOf(viewer);
      if (!spender) return null;
      const tariff = prices.of(spender.tenantId);
      return tariff instanceof Promise ? tariff.then((known) => drawn(spender, points, known)) : drawn(spender, points, tariff);
    },
    nothing(viewer) {
      const spender = spenderOf(viewer);
      if (!spender) return UNBILLED;
      const tariff = prices.known(spender.tenantId);
      return { tokens: { input: ZERO, output: ZERO }, money: tariff && { amount: ZERO, currency: tariff.currency } };
    },
    requestsPerMinute: (tenantId) => prices.known(tenantId as Spender['tenantId'])?.requestsPerMinute ?? null,
    async stop() {
      // What was reserved for it is not given back before it is told what became of it.
      await usage.stop();
      await Promise.all([budgets.stop(), prices.stop()]);
    },
  };
}

const spenderOf = ({ kind, id, userId, tenantId }: Viewer): Spender | null =>
  (tenantId !== null && (kind === 'user' || kind === 'key') ? { tenantId, userId: kind === 'user' ? userId : null, keyId: kind === 'key' ? id : null } : null);
