import type { InvoiceId, TenantId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import { totalsOf, type Invoice, type InvoiceLine } from '../domain/invoice.ts';
import { negated, ZERO, type Decimal } from '../../../platform/decimal.ts';
import type { Plan } from '../domain/plan.ts';
import type { Ports, PostingView, Span } from '../domain/ports.ts';
import { viewOf, type SubscriptionView } from '../domain/subscription-view.ts';
import { giftsOf, linesIn } from './close-period.ts';

export interface Preview { currency: string; periodFrom: Date; periodTo: Date; lines: InvoiceLine[]; total: Decimal; due: Decimal }
/** What a tenant has bought and owes, which need not be the one that the viewer acts in. The policy has let the viewer in. */
export interface SeeBilling {
  plan(viewer: Viewer, tenantId: TenantId): Promise<Plan | null>;
  subscription(viewer: Viewer, tenantId: TenantId): Promise<SubscriptionView | null>;
  invoices(viewer: Viewer, tenantId: TenantId, span: Span): Promise<Invoice[]>;
  invoicesById(viewer: Viewer, ids: readonly InvoiceId[]): Promise<Invoice[]>;
  ledger(viewer: Viewer, tenantId: TenantId, span: Span): Promise<PostingView[]>;
  /** What the running period would come to if it ended now; null while nothing is known of the tenant. */
  preview(viewer: Viewer, tenantId: TenantId): Promise<Preview | null>;
}

export const seeBilling = ({ look }: { look: Look<Ports> }): SeeBilling => ({
  plan: (viewer, tenantId) => look({ ...viewer, tenantId }, async ({ plans, subscriptions }) => {
    const held = await subscriptions.of(tenantId);
    return held ? plans.of(held.plan, held.planVersion) : null;
  }),
  subscription: (viewer, tenantId) => look({ ...viewer, tenantId }, async ({ subscriptions }) => {
    const held = await subscriptions.of(tenantId);
    return held && viewOf(held);
  }),
  invoices: (viewer, tenantId, span) => look({ ...viewer, tenantId }, ({ invoices }) => invoices.page(tenantId, span)),
  invoicesById: async (viewer, ids) => (viewer.tenantId ? look(viewer, ({ invoices }) => invoices.byIds(viewer.tenantId!, ids)) : []),
  ledger: (viewer, tenantId, span) => look({ ...viewer, tenantId }, ({ ledger }) => ledger.page(tenantId, span)),
  preview: (viewer, tenantId) => look({ ...viewer, tenantId }, (ports) => previewOf(ports, tenantId)),
});

async function previewOf({ plans, subscriptions, ledger }: Ports, tenantId: TenantId): Promise<Preview | null> {
  const held = await subscriptions.of(tenantId);
  if (!held) return null;
  const { currency, periodFrom, periodTo } = held;
  const charged = linesIn(await ledger.lines(tenantId, periodFrom), currency);
  const gifts = giftsOf(charged, { plan: await plans.of(held.plan, held.planVersion), isPaid: held.isPaid(), period: held.period() });
  const credited: InvoiceLine[] = gifts.map(({ metric, quantity, amount }) => ({ kind: 'INCLUDED', memo: metric, metric, quantity, amount: negated(amount), late: false, free: false }));
  const owed = (await ledger.balance(tenantId, 'credit')).find((one) => one.currency === currency)?.amount ?? ZERO;
  const lines = [...charged, ...credited];
  const { total, due } = totalsOf(lines, negated(owed));
  return { currency, periodFrom, periodTo, lines, total, due };
}
