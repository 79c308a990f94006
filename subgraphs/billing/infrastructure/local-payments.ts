/**
 * Whoever takes the money while nobody does: the same states as a provider has, in a table of ours. A checkout is done
 * at once and every payment succeeds, unless the row says that it declines.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../../platform/database/database.ts';
import type { Decimal } from '../../../platform/decimal.ts';
import type { TenantId } from '../../../platform/ids.ts';
import { DAY_MS, monthAfter } from '../domain/period.ts';
import type { Currency, PlanKey } from '../domain/plan.ts';
import type { Payments, ProviderInvoiceState, ProviderState } from '../domain/ports.ts';

/** A payment that is declined is tried again a day later, however often it is looked at meanwhile, and given up after so many times. */
const ATTEMPTS_MAX = 4;
const BETWEEN_MS = DAY_MS;

interface Next { plan: PlanKey; planVersion: number; seats: number }
interface Latest { number: string; amount: Decimal; currency: string; state: ProviderInvoiceState }
interface Row extends Next {
  currency: Currency;
  state: 'ACTIVE' | 'PAST_DUE' | 'CANCELED'; periodFrom: string; periodTo: string; anchor: string; cancelAtPeriodEnd: boolean; next: Next | null;
  declines: boolean; latest: Latest | null; attempts: number; attemptedAt: string | null;
}
const COLUMNS = `plan, plan_version AS "planVersion", seats, currency, state, period_from AS "periodFrom", period_to AS "periodTo", anchor, cancel_at_period_end AS "cancelAtPeriodEnd", next, declines, latest, attempts, attempted_at AS "attemptedAt"`;

const PREFIX = 'local:';
const tenantIn = (reference: string): TenantId => reference.slice(PREFIX.length) as TenantId;
const withAnswer = (url: string, name: string, value: string): string => {
  const found = new URL(url);
  found.searchParams.set(name, value);
  return found.href;
};

export function localPayments({ database, now }: { database: Database; now: () => Date }): Payments {
  const within = <T>(tenantId: TenantId, body: (em: EntityManager) => Promise<T>) =>
    database.transaction({ kind: 'system', id: 'system:billing', userId: null, tenantId }, 'write', body);
  const set = (reference: string, columns: string, values: readonly (string | number | boolean | null)[]) =>
    within(tenantIn(reference), async (em) => void await em.execute(`UPDATE billing.local_subscription SET ${columns} WHERE tenant_id = ?`, [...values, tenantIn(reference)], 'run'));

  return {
    name: 'local',
    async checkout({ tenantId, plan, planVersion, seats, currency, returnUrl }) {
      const from = now();
      await within(tenantId, (em) => em.execute(
        `INSERT INTO billing.local_subscription AS l (tenant_id, plan, plan_version, seats, currency, state, period_from, period_to, anchor) VALUES (?, ?, ?, ?, ?, 'ACTIVE', ?, ?, ?)
         ON CONFLICT (tenant_id) DO UPDATE SET plan = excluded.plan, plan_version = excluded.plan_version, seats = excluded.seats, currency = excluded.currency, state = 'ACTIVE',
           period_from = excluded.period_from, period_to = excluded.period_to, anchor = excluded.anchor, cancel_at_period_end = false, next = NULL, latest = NULL, attempts = 0, attempted_at = NULL`,
        [tenantId, plan, planVersion, seats, currency, from.toISOString(), monthAfter(from, from).toISOString(), from.toISOString()], 'run'));
      return { url: withAnswer(returnUrl, 'checkout', 'done'), reference: `${PREFIX}${tenantId}` };
    },
    portal: async ({ returnUrl }) => ({ url: withAnswer(returnUrl, 'portal', 'local') }),
    change: ({ reference, plan, planVersion, seats, at }) => (at === 'now'
      ? set(reference, 'plan = ?, plan_version = ?, seats = ?, next = NULL, cancel_at_period_end = false', [plan, planVersion, seats])
      : set(reference, 'next = ?::jsonb, cancel_at_period_end = false', [JSON.stringify({ plan, planVersion, seats })])),
    cancel: ({ reference, at }) => set(reference, at === 'now' ? `state = 'CANCELED'` : 'cancel_at_period_end = true', []),
    reactivate: ({ reference }) => set(reference, 'cancel_at_period_end = false, next = NULL', []),
    charge: ({ number, amount, reference }) => set(reference, `latest = ?::jsonb, attempts = 0, attempted_at = NULL`, [JSON.stringify({ number, ...amount, state: 'OPEN' })]),
    look: (reference) => within(tenantIn(reference), async (em) => {
      const [row] = await em.execute<Row[]>(`SELECT ${COLUMNS} FROM billing.local_subscription WHERE tenant_id = ? FOR UPDATE`, [tenantIn(reference)], 'all');
      if (!row) throw new Error('The local provider knows of no such subscription.');
      const found = collected(rolled(row, now()), now());
      await em.execute(
        `UPDATE billing.local_subscription SET plan = ?, plan_version = ?, seats = ?, state = ?, period_from = ?, period_to = ?, next = ?::jsonb, latest = ?::jsonb, attempts = ?, attempted_at = ? WHERE tenant_id = ?`,
        [found.plan, found.planVersion, found.seats, found.state, found.periodFrom, found.periodTo, found.next && JSON.stringify(found.next), found.latest && JSON.stringify(found.latest), found.attempts, found.attemptedAt, tenantIn(reference)], 'run');
      return stateOf(found, reference);
    }),
  };
}

/** As time has made of it. */
function rolled(row: Row, now: Date): Row {
  const moved = { ...row, periodFrom: new Date(row.periodFrom).toISOString(), periodTo: new Date(row.periodTo).toISOString() };
  while (moved.state !== 'CANCELED' && new Date(moved.periodTo) <= now) {
    if (moved.cancelAtPeriodEnd) return { ...moved, state: 'CANCELED' };
    Object.assign(moved, moved.next ?? {}, { next: null, periodFrom: moved.periodTo, periodTo: monthAfter(new Date(row.anchor), new Date(moved.periodTo)).toISOString() });
  }
  return moved;
}

function collected(row: Row, now: Date): Row {
  if (row.latest?.state !== 'OPEN') return row;
  // What has ended still owes its last bill.
  const hasEnded = row.state === 'CANCELED';
  if (!row.declines) return { ...row, state: hasEnded ? 'CANCELED' : 'ACTIVE', latest: { ...row.latest, state: 'PAID' } };
  if (row.attemptedAt !== null && now.getTime() - new Date(row.attemptedAt).getTime() < BETWEEN_MS) return row;
  const [attempts, attemptedAt] = [row.attempts + 1, now.toISOString()];
  return attempts < ATTEMPTS_MAX ? { ...row, state: hasEnded ? 'CANCELED' : 'PAST_DUE', attempts, attemptedAt } : { ...row, state: 'CANCELED', attempts, attemptedAt, latest: { ...row.latest, state: 'UNCOLLECTIBLE' } };
}

const stateOf = (row: Row, reference: string): ProviderState => ({
  customer: reference, state: row.state, plan: row.plan, planVersion: row.planVersion, seats: row.seats, currency: row.currency,
  periodFrom: new Date(row.periodFrom), periodTo: new Date(row.periodTo), cancelAtPeriodEnd: row.cancelAtPeriodEnd,
  latestInvoice: row.latest && { reference: `${reference}/${row.latest.number}`, number: row.latest.number, state: row.latest.state, amount: row.latest.amount, currency: row.latest.currency },
  disputed: false,
});
