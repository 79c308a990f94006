/** Stripe, wired: who takes the money, what it tells, and how it is compared with what is known here. */
import type { Database } from '../../platform/database/database.ts';
import type { Resources } from '../../platform/service.ts';
import { deskOver, type Look } from '../../platform/work.ts';
import { compareProvider, type CompareProvider } from './application/compare-provider.ts';
import { heedSignals, lookDaily } from './application/heed-signals.ts';
import { reportUsage } from './application/report-usage.ts';
import { receiveSignal, type ReceiveSignal } from './application/receive-signal.ts';
import { selfIn } from './application/on-tenant-created.ts';
import type { PlanKey } from './domain/plan.ts';
import type { Payments, Ports } from './domain/ports.ts';
import type { Seen, SignalPorts } from './domain/provider-signals.ts';
import type { UsageTold } from './domain/provider-usage.ts';
import { postgresCustomerBook } from './infrastructure/postgres-customer-book.ts';
import { forgetOldSignals, PostgresProviderLanes } from './infrastructure/postgres-provider-lanes.ts';
import { postgresPaidSubscriptions } from './infrastructure/postgres-paid-subscriptions.ts';
import { postgresPayers, PostgresUsageTold } from './infrastructure/postgres-usage-told.ts';
import { openStripe } from './infrastructure/stripe/account.ts';
import { customersOf } from './infrastructure/stripe/customers.ts';
import { looksAt } from './infrastructure/stripe/looks.ts';
import { metersAt } from './infrastructure/stripe/meters.ts';
import { pricesAt } from './infrastructure/stripe/prices.ts';
import { stripeListing } from './infrastructure/stripe/listing.ts';
import { stripeLooks, stripeSignals } from './infrastructure/stripe/signals.ts';
import { stripePayments } from './infrastructure/stripe/stripe-payments.ts';

const HOUR_MS = 3_600_000;
/** Another process may have been told; what this one is told is looked at at once. */
const HEED_EVERY_MS = 1_000;

export interface StripeParts { payments: Payments; receive: ReceiveSignal; compare: CompareProvider; close(): void }
interface Given { resources: Pick<Resources, 'settings' | 'log' | 'events' | 'now'>; database: Database; look: Look<Ports> }

/** Null where there is no key: then somebody else takes the money. */
export async function stripeOver({ resources: { settings, log, events, now }, database, look }: Given, apply: (seen: Seen) => Promise<void>): Promise<StripeParts | null> {
  const { STRIPE_SECRET_KEY: key, STRIPE_API_URL: url, STRIPE_WEBHOOK_SECRETS: secrets } = settings;
  if (!key) return null;
  const account = await openStripe({ key, url });
  const { stripe } = account;
  // Plans are nobody's own, so that it does not matter in whose name they are read.
  const planOf = (plan: PlanKey, version: number) => look({ kind: 'system', id: 'system:billing', userId: null, tenantId: null }, ({ plans }) => plans.of(plan, version));
  const prices = pricesAt(stripe);
  const looks = looksAt(stripe, planOf);
  const { work } = deskOver<SignalPorts>(database, { ports: (em) => ({ lanes: new PostgresProviderLanes(em) }) });
  const heeding = events.sweep({
    name: 'billing provider signals', everyMs: HEED_EVERY_MS,
    round: heedSignals({ work, looks: stripeLooks(looks), apply, onFault: (error, subject) => log.warn({ err: error, subject }, 'The provider of payments could not be looked at; it will be tried again.') }),
  });
  events.sweep({ name: 'billing old provider signals', everyMs: HOUR_MS, round: () => forgetOldSignals(database) });
  const paid = postgresPaidSubscriptions(database);
  events.sweep({ name: 'billing stale subscriptions', everyMs: HOUR_MS, round: lookDaily({ work, paid }) });
  const compare = compareProvider({
    listing: stripeListing({ stripe, looks, prices, plans: () => look({ kind: 'system', id: 'system:billing', userId: null, tenantId: null }, ({ plans }) => plans.onSale()) }),
    paid, ours: (tenantId) => look(selfIn(tenantId), ({ subscriptions }) => subscriptions.of(tenantId)), apply,
  });
  const payments = stripePayments({ account, customers: customersOf(stripe, postgresCustomerBook(database)), prices, looks, meters: metersAt(stripe), planOf });
  const telling = deskOver<{ told: UsageTold }>(database, { ports: (em) => ({ told: new PostgresUsageTold(em) }) });
  events.sweep({
    name: 'billing usage told', everyMs: HOUR_MS,
    round: reportUsage({ work: telling.work, payers: postgresPayers(database), report: payments.report, now, onFault: (error) => log.warn({ err: error }, 'The provider of payments could not be told what was used; it will be tried again.') }),
  });
  return {
    payments,
    receive: receiveSignal({ work, signals: stripeSignals(account, secrets), kept: () => heeding.nudge() }),
    compare, close: () => account.close(),
  };
}
