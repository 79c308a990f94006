/** Usage for a test: events as other services tell them, put into an outbox as they put them, and what has become of them. */
import pg from 'pg';
import { decimal, sum, type Decimal } from '../../platform/decimal.ts';
import type { Envelope, UsageLine } from '../../platform/event.ts';
import { newId, type TenantId } from '../../platform/ids.ts';
import { systemViewer, type Viewer } from '../../platform/viewer.ts';
import { eventually } from './eventually.ts';
import type { Kit } from './services.ts';
import { dataOf } from './tenants.ts';

export const METER_GROUP = 'billing:meter';

/** An event of a service that is not there, counting for something: the gateway's roll-ups, an answer of a model. */
export const usageEvent = (tenant: TenantId, usage: readonly UsageLine[], more: Partial<Envelope> = {}): Envelope => ({
  id: newId('evt'), type: 'gateway.usage-recorded', version: 1, body: {}, subject: newId('req'), subjectVersion: 1, tenant, at: new Date().toISOString(),
  actor: { kind: 'system', id: 'system:gateway' }, requestId: null, traceparent: null, usage: [...usage], ...more,
});
export const line = (metric: string, quantity: string | number, attributes: Record<string, string> = {}): UsageLine => ({ metric, quantity: decimal(quantity), attributes });

/** Through the outbox of tenants, whose role may tell in any tenant's name that it acts for. */
export async function tellUsage(url: string, events: readonly Envelope[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const byTenant = new Map<TenantId, Envelope[]>();
    for (const event of events) byTenant.set(event.tenant!, [...byTenant.get(event.tenant!) ?? [], event]);
    for (const [tenant, told] of byTenant) {
      await client.query('BEGIN');
      await client.query(`SET LOCAL ROLE atlas_tenants; SET LOCAL app.tenant_id = '${tenant}'`);
      await client.query('INSERT INTO tenants.outbox (tenant_id, subject, envelope) SELECT $1, s, e FROM unnest($2::text[], $3::jsonb[]) AS t (s, e)', [tenant, told.map(({ subject }) => subject), told.map((event) => JSON.stringify(event))]);
      await client.query('COMMIT');
    }
  } finally {
    await client.end();
  }
}

/** Once billing knows the tenant: what it has bought decides what its usage is worth. */
export const knownToBilling = (kit: Kit, tenantId: TenantId): Promise<unknown> =>
  eventually('billing to know the tenant', async () => dataOf(await kit.ask('billing', 'query($id: ID!) { entitlements(tenantId: $id) { version } }', { id: tenantId }, systemViewer('gateway'))).entitlements.version > 0);

/** Tells them, and waits until the meter has nothing left. */
export async function count(kit: Kit, events: readonly Envelope[]): Promise<void> {
  await tellUsage(kit.database.url, events);
  kit.atlas.bus.told('tenants');
  await metered(kit, new Set(events.map(({ id }) => id)));
}
export async function metered(kit: Kit, ids: ReadonlySet<string>): Promise<void> {
  await eventually('the events to be in the log', () => [...ids].every((id) => kit.events.some((event) => event.id === id)), 60_000);
  await eventually('the meter to be done', async () => (await kit.atlas.bus.lag()).find(({ group }) => group === METER_GROUP)?.waiting === 0, 60_000);
}

const USAGE = `query($representations: [_Any!]!, $from: DateTime, $to: DateTime, $granularity: Granularity, $by: [UsageDimension!]) { _entities(representations: $representations) { ... on Tenant {
  usage(from: $from, to: $to, granularity: $granularity, by: $by) { total { ...Line } series { from lines { ...Line } } } } } }
  fragment Line on UsageLine { metric dimension quantity amount { amount currency } latencyMsP50 latencyMsP95 }`;
const BUDGETS = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Tenant { budgets { id unit amount hard userId apiKeyId collectionId spent leased remaining resetAt } } } }';

/** As the gateway asks for it, with what tenants has said that the viewer is. */
const here = (tenantId: TenantId, viewer: Viewer) => [{ __typename: 'Tenant', id: tenantId, viewerRole: viewer.role ?? 'GUEST' }];
/** In one process moments are no texts yet. */
const asSent = (value: unknown): any => JSON.parse(JSON.stringify(value));
export const askUsage = (kit: Kit, tenantId: TenantId, viewer: Viewer, args: object = {}) => kit.ask('billing', USAGE, { representations: here(tenantId, viewer), granularity: 'DAY', ...args }, viewer);
export const usageOf = async (kit: Kit, tenantId: TenantId, viewer: Viewer, args: object = {}) => asSent(dataOf(await askUsage(kit, tenantId, viewer, args))._entities[0].usage);
export const askBudgets = (kit: Kit, tenantId: TenantId, viewer: Viewer) => kit.ask('billing', BUDGETS, { representations: here(tenantId, viewer) }, viewer);
export const budgetsOf = async (kit: Kit, tenantId: TenantId, viewer: Viewer) => asSent(dataOf(await askBudgets(kit, tenantId, viewer))._entities[0].budgets);

/** Everything that is kept of a tenant's usage, as it stands in the tables. */
export interface Kept { raw: object[]; hour: object[]; day: object[]; level: object[]; latency: object[]; spent: object[]; booked: Decimal }
const KEY = 'metric, user_id, key_id, collection_id, model';
export async function keptOf(url: string, tenantId: TenantId): Promise<Kept> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL ROLE atlas_billing; SET LOCAL app.tenant_id = '${tenantId}'`);
    const rows = async (sql: string): Promise<object[]> => (await client.query(sql)).rows as object[];
    const rollUp = (table: string) => rows(`SELECT at, ${KEY}, currency, trim_scale(quantity)::text AS quantity, trim_scale(amount)::text AS amount FROM billing.${table} ORDER BY 1, 2, 3, 4, 5, 6, 7`);
    const kept = {
      raw: await rows(`SELECT event_id, line, ${KEY}, currency, trim_scale(quantity)::text AS quantity, trim_scale(amount)::text AS amount, at FROM billing.usage_event ORDER BY 1, 2`),
      hour: await rollUp('usage_hour'), day: await rollUp('usage_day'),
      level: await rows(`SELECT ${KEY}, trim_scale(quantity)::text AS quantity FROM billing.usage_level ORDER BY 1, 2, 3, 4, 5`),
      latency: await rows(`SELECT grain, at, ${KEY}, size, times FROM billing.usage_latency ORDER BY 1, 2, 3, 4, 5, 6, 7, 8`),
      spent: await rows('SELECT budget_id, period_from, trim_scale(spent)::text AS spent, trim_scale(leased)::text AS leased, told FROM billing.budget_period ORDER BY 1, 2'),
      booked: sum(...(await rows(`SELECT trim_scale(amount)::text AS amount FROM billing.posting WHERE account = 'unbilled'`)).map((row) => decimal((row as { amount: string }).amount))),
    };
    await client.query('ROLLBACK');
    return kept;
  } finally {
    await client.end();
  }
}
