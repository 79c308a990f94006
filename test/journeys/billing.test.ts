/** From a trial to a bill, as a tenant's owner goes it: through the door, on the provider that there is when nobody has set up another. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreateTenantDocument, RegisterDocument } from '../../clients/typescript/index.ts';
import { sum, type Decimal } from '../../platform/decimal.ts';
import { ARRANGEMENTS, startArrangement, type Running } from '../kit/arrangements.ts';
import { eventually } from '../kit/eventually.ts';

const TENANT = `{ tenant { features plan { key version } subscription { plan seats state isPaid trialAvailable periodTo nextPlan }
  invoices { nodes { id number state total { amount currency } lines { kind amount } } } } }`;
/** Every question costs points, which are counted some time after it was answered. */
const METERED = ['USAGE', 'INCLUDED'];
const mutation = (name: string, payload: string) => `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${payload} userErrors { code message } } }`;

describe.each(Object.entries(ARRANGEMENTS))('billing, %s', (_, groups) => {
  let atlas: Running;
  let headers: Record<string, string>;
  beforeAll(async () => {
    atlas = await startArrangement(groups);
    const { register } = await atlas.client().mutate(RegisterDocument, { input: { email: 'ada@example.com', password: 'a long enough pass phrase', name: 'Ada' } });
    const { createTenant } = await atlas.client({ session: register!.session! }).mutate(CreateTenantDocument, { input: { name: 'Engines', slug: 'engines' } });
    headers = { authorization: `Bearer ${register!.session!.accessToken}`, 'atlas-tenant': createTenant!.tenant!.slug };
  });
  afterAll(() => atlas?.stop());

  async function ask(query: string, variables: object = {}): Promise<any> {
    const response = await fetch(atlas.url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }) });
    const { data, errors } = await response.json() as { data: any; errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }
  const when = (what: string, is: (tenant: any) => boolean): Promise<any> => eventually(what, async () => {
    const { tenant } = await ask(TENANT);
    return is(tenant) && tenant;
  });
  const done = async (name: string, payload: string, input: object): Promise<any> => {
    const found = (await ask(mutation(name, payload), { input }))[name];
    expect(found.userErrors).toEqual([]);
    return found;
  };

  it('begins with what costs nothing', async () => {
    const tenant = await when('the subscription', ({ subscription }) => subscription !== null);
    expect(tenant).toMatchObject({ features: [], plan: { key: 'FREE', version: 1 }, subscription: { state: 'ACTIVE', seats: 10, isPaid: false, trialAvailable: true }, invoices: { nodes: [] } });
    const { plans } = await ask('{ plans { key prices { month { amount currency } } } }');
    expect(plans.map(({ key }: { key: string }) => key)).toEqual(['FREE', 'TEAM', 'BUSINESS']);
  });

  it('tries a plan out, and has what it switches on', async () => {
    const { subscription } = await done('changePlan', 'subscription { plan state isPaid }', { plan: 'TEAM' });
    expect(subscription).toEqual({ plan: 'TEAM', state: 'TRIALING', isPaid: false });
    await when('the features of the plan', ({ features }) => features.includes('answers'));
  });

  it('pays for it, and is billed in advance', async () => {
    const { url } = await done('startCheckout', 'url', { plan: 'TEAM', currency: 'EUR', returnUrl: 'https://app.example.org/done' });
    expect(url).toBe('https://app.example.org/done?checkout=done');
    const tenant = await when('a bill that is paid', ({ invoices: { nodes } }) => nodes.some(({ state }: { state: string }) => state === 'PAID'));
    expect(tenant).toMatchObject({ subscription: { plan: 'TEAM', state: 'ACTIVE', isPaid: true, trialAvailable: false } });
    expect(tenant.invoices.nodes).toMatchObject([{ number: expect.stringMatching(/^ATL-\d{4}-000001$/), total: { amount: '45', currency: 'EUR' }, lines: [{ kind: 'SUBSCRIPTION', amount: '45' }] }]);
    const [{ id, number }] = tenant.invoices.nodes;
    expect(await ask('query($id: ID!) { node(id: $id) { ... on Invoice { number } } }', { id })).toEqual({ node: { number } });
  });

  it('moves up at once, sees what that comes to, and moves down when the period ends', async () => {
    await done('changePlan', 'subscription { plan }', { plan: 'BUSINESS' });
    await when('more features', ({ features }) => features.includes('approvals'));
    const { tenant: { invoicePreview } } = await ask('{ tenant { invoicePreview { lines { kind amount } total { amount currency } } } }');
    const kindsOf = (lines: { kind: string }[]) => lines.map(({ kind }) => kind).filter((kind) => !METERED.includes(kind));
    expect(kindsOf(invoicePreview.lines)).toEqual(['PRORATION', 'PRORATION']);
    // What was asked until now is within what the plan includes.
    expect(sum(...invoicePreview.lines.filter(({ kind }: { kind: string }) => METERED.includes(kind)).map(({ amount }: { amount: Decimal }) => amount))).toBe('0');
    // Almost a whole month is left.
    expect(Number(invoicePreview.total.amount)).toBeGreaterThan(183);
    const { subscription } = await done('changePlan', 'subscription { plan nextPlan }', { plan: 'TEAM' });
    expect(subscription).toEqual({ plan: 'BUSINESS', nextPlan: 'TEAM' });
    await done('cancelSubscription', 'subscription { state nextPlan }', { reason: 'we close' });
    expect((await done('changePlan', 'subscription { state nextPlan }', { plan: 'BUSINESS' })).subscription).toEqual({ state: 'ACTIVE', nextPlan: null });
  });

  it('finds books that sum to zero', async () => {
    const { tenant: { ledger: { nodes } } } = await ask('{ tenant { ledger(first: 100) { nodes { entryId account kind amount { amount currency } } } } }');
    expect(new Set(nodes.map(({ kind }: { kind: string }) => kind).filter((kind: string) => !METERED.includes(kind)))).toEqual(new Set(['SUBSCRIPTION', 'INVOICE', 'PAYMENT', 'PRORATION']));
    expect(sum(...nodes.map(({ amount }: { amount: { amount: Decimal } }) => amount.amount))).toBe('0');
    const cash = nodes.filter(({ account }: { account: string }) => account === 'cash').map(({ amount }: { amount: { amount: Decimal } }) => amount.amount);
    expect(cash).toEqual(['45']);
  });
});
