/** Billing's side of Stripe over a database of its own, as several processes of it, with rounds that a test begins. */
import { readSettings } from '../../platform/config.ts';
import { databaseOpener, type Database } from '../../platform/database/database.ts';
import { newId, type TenantId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import type { Events } from '../../platform/service.ts';
import { deskOver, type Desk } from '../../platform/work.ts';
import { CATALOG } from '../../subgraphs/billing/domain/catalog.ts';
import type { Ports } from '../../subgraphs/billing/domain/ports.ts';
import type { Seen } from '../../subgraphs/billing/domain/provider-signals.ts';
import { stripeOver, type StripeParts } from '../../subgraphs/billing/index.stripe.ts';
import { migrations } from '../../subgraphs/billing/infrastructure/migrations/index.ts';
import { sellPlans } from '../../subgraphs/billing/infrastructure/postgres-plans.ts';
import { portsOver, tables } from '../../subgraphs/billing/infrastructure/postgres-ports.ts';
import { freshDatabase } from './databases.ts';
import { HOOK_SECRET, signed } from './stripe/hooks.ts';
import type { StripeEvent } from './stripe/world.ts';
import { TEST_KEY, type StripeServer } from './stripe-server.ts';

export const OTHER_SECRET = 'whsec_atlas_local_two';
export const silent = openLog({ level: 'silent', pretty: false });

export interface BillingTables { database: Database; desk: Desk<Ports>; rows<T = { subject: string }>(sql: string): Promise<T[]>; /** Whatever waits for its time is due now. */ hurry(): Promise<unknown[]>; stop(): Promise<void> }
export async function openBillingTables(): Promise<BillingTables> {
  const at = await freshDatabase();
  const database = await databaseOpener({ url: at.url, ownerUrl: at.ownerUrl, poolMax: 6, statementMs: 60_000, log: silent })({ service: 'billing', tables, migrations });
  await sellPlans(database, CATALOG);
  const rows = <T>(sql: string) => database.transaction({ kind: 'system', id: 'system:billing', userId: null, tenantId: null }, 'write', (em) => em.execute(sql, [], 'all')) as Promise<T[]>;
  return {
    database, rows, desk: deskOver(database, { ports: portsOver() }),
    hurry: () => rows('UPDATE billing.provider_lane SET due_at = now() WHERE due_at IS NOT NULL RETURNING subject'),
    async stop() {
      await database.close();
      await at.drop();
    },
  };
}

export interface StripeProcess extends StripeParts {
  heed(): Promise<boolean | void>;
  lookDaily(): Promise<boolean | void>;
  tellUsage(): Promise<boolean | void>;
  /** How often it was told that there is something to do at once. */
  nudges(): number;
  tell(event: StripeEvent): Promise<void>;
}
export async function openStripeProcess({ database, desk }: BillingTables, stripe: StripeServer, apply: (seen: Seen) => Promise<void>, secrets = `${HOOK_SECRET},${OTHER_SECRET}`): Promise<StripeProcess> {
  const rounds = new Map<string, () => Promise<boolean | void>>();
  let nudged = 0;
  const events = { sweep: ({ name, round }) => { rounds.set(name, round); return { nudge: () => { nudged += 1; } }; } } as Pick<Events, 'sweep'> as Events;
  const settings = readSettings({ STRIPE_SECRET_KEY: TEST_KEY, STRIPE_API_URL: stripe.url, STRIPE_WEBHOOK_SECRETS: secrets });
  const parts = (await stripeOver({ resources: { settings, log: silent, events, now: () => new Date() }, database, look: desk.look }, apply))!;
  return {
    ...parts, nudges: () => nudged, heed: () => rounds.get('billing provider signals')!(), lookDaily: () => rounds.get('billing stale subscriptions')!(), tellUsage: () => rounds.get('billing usage told')!(),
    tell: (event) => { const payload = JSON.stringify(event); return parts.receive(payload, signed(payload)); },
  };
}

export interface Paid { tenantId: TenantId; reference: string; customer: string }
/** A tenant goes through a checkout and pays. */
export async function paysFor(stripe: StripeServer, { payments }: Pick<StripeParts, 'payments'>, tenantId = newId('tnt')): Promise<Paid> {
  const { url } = await payments.checkout({ tenantId, subscriptionId: newId('sub'), plan: 'TEAM', planVersion: 1, seats: 10, currency: 'USD', returnUrl: 'https://app.example.com/', email: null });
  const { id: reference, customer } = stripe.acts.completeCheckout(url.split('/').pop()!);
  return { tenantId, reference, customer: customer as string };
}
