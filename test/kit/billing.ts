/** What a tenant has bought, for a test: asked the way the gateway asks, on a clock that the test moves. */
import type { Viewer } from '../../platform/viewer.ts';
import { inCollections } from './attachments.ts';
import { eventually } from './eventually.ts';
import type { Kit } from './services.ts';
import { dataOf, done, type Person, type TestTenant } from './tenants.ts';

const DAY_MS = 86_400_000;

/** The time is real, and so much later. */
export function movedClock() {
  let aheadMs = 0;
  return { now: () => new Date(Date.now() + aheadMs), forwardDays: (days: number) => void (aheadMs += days * DAY_MS) };
}

export const SUBSCRIPTION = 'subscription { plan planVersion seats state currency periodFrom periodTo nextPlan nextSeats isPaid trialAvailable }';
const INVOICE = 'invoices(first: 20) { nodes { id number state periodFrom periodTo total { amount currency } due { amount } lines { kind memo metric quantity amount late } } }';

/** Fields of a tenant that billing adds, as this viewer sees them. */
export async function ofTenant(kit: Kit, tenant: Pick<TestTenant, 'id'>, viewer: Viewer, fields: string): Promise<any> {
  const answer = await askOfTenant(kit, tenant, viewer, fields);
  return dataOf(answer)._entities[0];
}
export const askOfTenant = (kit: Kit, { id }: Pick<TestTenant, 'id'>, viewer: Viewer, fields: string) =>
  kit.ask('billing', `query($of: [_Any!]!) { _entities(representations: $of) { ... on Tenant { ${fields} } } }`, { of: [{ __typename: 'Tenant', id, viewerRole: viewer.role ?? 'GUEST' }] }, viewer);

export const subscriptionOf = async (kit: Kit, tenant: TestTenant): Promise<any> => (await ofTenant(kit, tenant, tenant.owner.viewer, SUBSCRIPTION)).subscription;
export const invoicesOf = async (kit: Kit, tenant: TestTenant): Promise<any[]> => (await ofTenant(kit, tenant, tenant.owner.viewer, INVOICE)).invoices.nodes;
/** The subscription, once it is so. */
export const whenSubscribed = (kit: Kit, tenant: TestTenant, wanted: Record<string, unknown>): Promise<any> => eventually(`a subscription with ${JSON.stringify(wanted)}`, async () => {
  const found = await subscriptionOf(kit, tenant);
  return found && Object.entries(wanted).every(([name, value]) => found[name] === value) && found;
}, 60_000);

const mutation = (name: string, payload: string) => `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${payload} userErrors { code message path } } }`;
export const change = (kit: Kit, by: Person, input: Record<string, unknown>, request = {}) => kit.ask('billing', mutation('changePlan', SUBSCRIPTION), { input }, by.viewer, request);
export const cancel = (kit: Kit, by: Person, input = {}) => kit.ask('billing', mutation('cancelSubscription', SUBSCRIPTION), { input }, by.viewer);
export const checkout = (kit: Kit, by: Person, input: Record<string, unknown>) => kit.ask('billing', mutation('startCheckout', 'url'), { input }, by.viewer);
export const portal = (kit: Kit, by: Person, input: Record<string, unknown> = {}) => kit.ask('billing', mutation('openBillingPortal', 'url'), { input }, by.viewer);

/** What has no limits, tried for nothing, for a tenant of which a test makes much; heard of by whoever holds it to its limits. */
export async function withoutLimits(kit: Kit, tenant: TestTenant): Promise<void> {
  await whenSubscribed(kit, tenant, { plan: 'FREE' });
  done(await change(kit, tenant.owner, { plan: 'BUSINESS' }));
  await eventually('collections to know', () => inCollections(kit, tenant.id, async (sql) => (await sql.query('SELECT 1 FROM collections.plan_limit WHERE items IS NULL')).rows.length > 0), 60_000);
}
