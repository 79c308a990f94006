/** The billing service: what tenants have bought, what follows from it, what they used and what they owe. */
import { forgetOldResults, onceOver } from '../../platform/idempotency.ts';
import { graphOf, type Slice } from '../../platform/graph.ts';
import { pagesOf } from '../../platform/page.ts';
import type { Resources, Service } from '../../platform/service.ts';
import { deskOver } from '../../platform/work.ts';
import { cancelSubscription } from './application/cancel-subscription.ts';
import { changePlan } from './application/change-plan.ts';
import { closePeriods } from './application/close-periods.ts';
import { doProviderTasks } from './application/do-provider-tasks.ts';
import { onTenantCreated, onTenantRecalled } from './application/on-tenant-created.ts';
import { openBillingPortal } from './application/open-billing-portal.ts';
import { seeBilling } from './application/see-billing.ts';
import { seePlans } from './application/see-plans.ts';
import { startCheckout } from './application/start-checkout.ts';
import { takeOver } from './application/take-over.ts';
import { CATALOG } from './domain/catalog.ts';
import type { Invoice } from './domain/invoice.ts';
import type { PostingView } from './domain/ports.ts';
import { localPayments } from './infrastructure/local-payments.ts';
import { migrations } from './infrastructure/migrations/index.ts';
import { sellPlans } from './infrastructure/postgres-plans.ts';
import { conflicts, portsOver, tables } from './infrastructure/postgres-ports.ts';
import { forgetOldTasks, postgresDue } from './infrastructure/postgres-provider-tasks.ts';
import { InvoiceType } from './presentation/billing.graph.ts';
import { BillingResolver, InvoicesResolver, TenantBillingResolver } from './presentation/billing.resolver.ts';
import { contextOver, references } from './presentation/context.ts';
import { EntitlementsType, PlanType } from './presentation/plan.graph.ts';
import { PlansResolver } from './presentation/plans.resolver.ts';
import { ProviderSignalsResolver } from './presentation/provider-signals.resolver.ts';
import { policy } from './presentation/policy.ts';
import { stripeOver } from './index.stripe.ts';
import { TenantStub } from './presentation/tenant.graph.ts';
import { meterOver, meterResolvers, meterTables } from './index.meter.ts';

export const slice: Slice = {
  name: 'billing',
  resolvers: [PlansResolver, BillingResolver, TenantBillingResolver, InvoicesResolver, ProviderSignalsResolver, ...meterResolvers],
  types: [PlanType, EntitlementsType, TenantStub, InvoiceType],
  policy,
};

const HOUR_MS = 3_600_000;
/** How long after its end a period is closed, and a wish of another process is heard of. */
const PERIODS_EVERY_MS = 2_000;
const PROVIDER_EVERY_MS = 1_000;

export async function start(resources: Resources): Promise<Service> {
  const { settings, log, openDatabase, events, secret, now } = resources;
  const database = await openDatabase({ service: 'billing', tables: [...tables, ...meterTables], migrations });
  await sellPlans(database, CATALOG);
  const ports = portsOver();
  const desk = deskOver(database, { ports, conflicts, told: events.told });
  const stripe = await stripeOver({ resources, database, look: desk.look }, takeOver({ ...desk, now, wished: () => asking.nudge() }));
  const given = { ...desk, now, due: postgresDue(database), payments: stripe?.payments ?? localPayments({ database, now }), publicUrl: settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`, wished: () => asking.nudge() };

  const meter = meterOver(resources, { database, ports });
  const see = seeBilling(given);
  const resolvers = [
    new PlansResolver(seePlans(given)),
    new BillingResolver({ changePlan: changePlan(given), cancelSubscription: cancelSubscription(given), startCheckout: startCheckout(given), openBillingPortal: openBillingPortal(given) }),
    new TenantBillingResolver(see, {
      invoices: pagesOf<Invoice>(secret, 'invoices', ({ id }) => [id]),
      ledger: pagesOf<PostingView>(secret, 'ledger', ({ entryId, seq }) => [entryId, String(seq)]),
    }),
    new InvoicesResolver(),
    new ProviderSignalsResolver(stripe?.receive ?? null),
    ...meter.resolvers,
  ];
  const graph = graphOf({ slice, resolvers, references, context: contextOver(see), once: onceOver(database, secret), log });

  events.listen([onTenantCreated(given), onTenantRecalled(given), meter.consumer]);
  const asking = events.sweep({ name: 'billing provider', everyMs: PROVIDER_EVERY_MS, round: doProviderTasks({ ...given, onFault: (error) => log.warn({ err: error }, 'What is wanted of the provider could not be done; it is asked again later.') }) });
  events.sweep({ name: 'billing periods', everyMs: PERIODS_EVERY_MS, round: closePeriods({ ...given, billed: given.wished, onFault: (error) => log.error({ err: error }, 'A period could not be closed; another round will.') }) });
  events.sweep({ name: 'billing old provider tasks', everyMs: HOUR_MS, round: () => forgetOldTasks(database) });
  events.sweep({ name: 'billing old results', everyMs: HOUR_MS, round: () => forgetOldResults(database) });
  return { name: 'billing', graph, ready: () => database.ping(), stop: async () => stripe?.close(), ...(stripe && { compare: stripe.compare }) };
}
