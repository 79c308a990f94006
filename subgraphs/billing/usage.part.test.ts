import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../platform/ids.ts';
import { keyViewer } from '../../platform/viewer.ts';
import { eventually } from '../../test/kit/eventually.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, done, newMember, newTenant, stranger, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';
import { askUsage, count, keptOf, knownToBilling, line, metered, usageEvent, usageOf } from '../../test/kit/usage.ts';

const DAY_MS = 86_400_000;
const RECORD = 'mutation($input: RecordUsageInput!) { recordUsage(input: $input) { recordId userErrors { code message path } } }';

let kit: Kit;
let tenant: TestTenant;
beforeAll(async () => {
  kit = await startTogether(['tenants', 'billing']);
  tenant = await newTenant(kit);
  await knownToBilling(kit, tenant.id);
});
afterAll(() => kit?.stop());

const fresh = async () => {
  const made = await newTenant(kit);
  await knownToBilling(kit, made.id);
  return made;
};
const owner = () => tenant.owner.viewer;
const midnight = (days = 0) => new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS + days * DAY_MS);

describe('usage', () => {
  it('answers what was counted, what it is worth, and how long it took', async () => {
    const { id, owner: { viewer } } = await fresh();
    const [user, key] = [newId('usr'), newId('key')];
    await count(kit, [
      usageEvent(id, [line('api.points', '1000', { userId: user, latencyMs: '10' }), line('api.operations', 2, { userId: user })]),
      usageEvent(id, [line('api.points', '0.5', { keyId: key, latencyMs: '100' })]),
      usageEvent(id, [line('ai.input-tokens', 700, { userId: user, model: 'small' }), line('ai.output-tokens', 30, { userId: user, model: 'small' }), line('ai.cost', '0.0031', { userId: user, model: 'small' })], { type: 'ai.answer-completed', actor: { kind: 'ai', id: 'ai' } }),
    ]);
    const { total, series } = await usageOf(kit, id, viewer);
    const byMetric = Object.fromEntries(total.map((one: { metric: string }) => [one.metric, one]));
    expect(byMetric['api.points']).toEqual({ metric: 'api.points', dimension: null, quantity: '1000.5', amount: { amount: '0.0010005', currency: 'USD' }, latencyMsP50: expect.any(Number), latencyMsP95: expect.any(Number) });
    expect(Math.abs(byMetric['api.points'].latencyMsP50 - 10)).toBeLessThanOrEqual(1);
    expect(Math.abs(byMetric['api.points'].latencyMsP95 - 100)).toBeLessThanOrEqual(5);
    expect(byMetric['api.operations']).toMatchObject({ quantity: '2', amount: null, latencyMsP50: null });
    expect(byMetric['ai.cost'].amount).toEqual({ amount: '0.00372', currency: 'USD' });
    expect(byMetric['ai.input-tokens'].amount.amount).toBe('0.00042');
    expect(byMetric.seats.quantity).toBe('1');
    expect(series).toEqual([{ from: midnight().toISOString(), lines: total }]);
    expect((await keptOf(kit.database.url, id)).booked).toBe('0.0052125'); // the books say the same
  });

  it('is told apart by person, key, collection and model', async () => {
    const { id, owner: { viewer } } = await fresh();
    const [ann, bob, key, notes] = [newId('usr'), newId('usr'), newId('key'), newId('col')];
    await count(kit, [
      usageEvent(id, [line('api.points', 5, { userId: ann }), line('api.points', 7, { userId: bob, collectionId: notes }), line('api.points', 11, { keyId: key })]),
      usageEvent(id, [line('ai.input-tokens', 13, { userId: ann, model: 'large' })]),
    ]);
    const by = async (dimension: string, metric = 'api.points') => Object.fromEntries((await usageOf(kit, id, viewer, { by: [dimension] })).total.filter((one: { metric: string }) => one.metric === metric).map((one: { dimension: string; quantity: string }) => [one.dimension, one.quantity]));
    expect(await by('USER')).toEqual({ [ann]: '5', [bob]: '7', '': '11' });
    expect(await by('API_KEY')).toEqual({ '': '12', [key]: '11' });
    expect(await by('COLLECTION')).toEqual({ '': '16', [notes]: '7' });
    expect(await by('MODEL', 'ai.input-tokens')).toEqual({ large: '13' });
  });

  it('that comes late lands in the hour and the day in which it was', async () => {
    const { id, owner: { viewer } } = await fresh();
    const yesterday = new Date(midnight(-1).getTime() + 5 * 3_600_000 + 59_999);
    await count(kit, [usageEvent(id, [line('api.points', 3)]), usageEvent(id, [line('api.points', 4)], { at: yesterday.toISOString() })]);
    const flows = (points: { from: string; lines: { metric: string; quantity: string }[] }[]) => points.map(({ from, lines }) => [from, lines.find(({ metric }) => metric === 'api.points')?.quantity]).filter(([, quantity]) => quantity);
    const range = { from: midnight(-1).toISOString(), to: new Date().toISOString() };
    expect(flows((await usageOf(kit, id, viewer, range)).series)).toEqual([[midnight(-1).toISOString(), '4'], [midnight().toISOString(), '3']]);
    const hours = flows((await usageOf(kit, id, viewer, { ...range, granularity: 'HOUR' })).series);
    expect(hours[0]).toEqual([new Date(midnight(-1).getTime() + 5 * 3_600_000).toISOString(), '4']);
    expect((await usageOf(kit, id, viewer, { ...range, from: midnight(-40).toISOString(), granularity: 'MONTH' })).total.find((one: { metric: string }) => one.metric === 'api.points').quantity).toBe('7');
    // Before the tenant had bought anything it is worth what it was then: what it began with.
    expect((await keptOf(kit.database.url, id)).booked).toBe('0.000007');
  });

  it('of what is there is how much of it there was at the end of each period', async () => {
    const { id, owner: { viewer } } = await fresh();
    const at = (days: number) => ({ at: new Date(midnight(days).getTime() + 3_600_000).toISOString() });
    await count(kit, [usageEvent(id, [line('storage.bytes', 100)], at(-3)), usageEvent(id, [line('storage.bytes', -30)], at(-1)), usageEvent(id, [line('storage.bytes', 5)])]);
    const { total, series } = await usageOf(kit, id, viewer, { from: midnight(-4).toISOString(), to: midnight().toISOString() });
    const bytes = (lines: { metric: string; quantity: string }[]) => lines.find(({ metric }) => metric === 'storage.bytes')?.quantity;
    expect(series.map(({ from, lines }: { from: string; lines: [] }) => [from, bytes(lines)])).toEqual([[midnight(-3).toISOString(), '100'], [midnight(-2).toISOString(), '100'], [midnight(-1).toISOString(), '70']]);
    expect(bytes(total)).toBe('70');
    expect(bytes((await usageOf(kit, id, viewer)).total)).toBe('75');
  });

  it('in a sandbox is counted and worth nothing', async () => {
    const { id, owner: { viewer } } = await newTenant(kit, { sandbox: true });
    await knownToBilling(kit, id);
    await count(kit, [usageEvent(id, [line('api.points', 5)])]);
    expect((await usageOf(kit, id, viewer)).total.find((one: { metric: string }) => one.metric === 'api.points')).toMatchObject({ quantity: '5', amount: null });
    expect((await keptOf(kit.database.url, id)).booked).toBe('0');
  });

  it('refuses more periods at once than it sums up, and what is asked backwards', async () => {
    const ask = async (args: object) => codeOf(await askUsage(kit, tenant.id, owner(), args));
    expect(await ask({ from: midnight(-40).toISOString(), granularity: 'HOUR' })).toBe('INVALID_INPUT');
    expect(await ask({ from: midnight(1).toISOString(), to: midnight().toISOString() })).toBe('INVALID_INPUT');
    expect(await ask({ by: ['USER', 'MODEL'] })).toBe('INVALID_INPUT');
  });

  it('of others is for owners, admins and keys that may see the bill; anybody sees their own', async () => {
    const made = await fresh();
    const member = await newMember(kit, made, 'MEMBER');
    await count(kit, [usageEvent(made.id, [line('api.points', 5, { userId: member.userId }), line('api.points', 90, { userId: made.owner.userId })])]);
    const key = (...scopes: string[]) => keyViewer({ keyId: newId('key'), tenantId: made.id, createdBy: made.owner.userId, role: 'OWNER', scopes, collectionIds: null, sandbox: false });
    const ask = (viewer: Parameters<typeof askUsage>[2], args: object = {}) => askUsage(kit, made.id, viewer, args);
    expect(codeOf(await ask(member.viewer))).toBe('FORBIDDEN');
    expect(codeOf(await ask(member.viewer, { by: ['API_KEY'] }))).toBe('FORBIDDEN');
    expect(codeOf(await ask(key('collections:read')))).toBe('FORBIDDEN');
    const own = await usageOf(kit, made.id, member.viewer, { by: ['USER'] });
    expect(own.total.map((one: { dimension: string }) => one.dimension)).toEqual([member.userId, member.userId]);
    expect(own.total.find((one: { metric: string }) => one.metric === 'api.points')).toMatchObject({ quantity: '5', amount: null }); // what it is worth is no member’s business
    expect((await usageOf(kit, made.id, key('billing:read'))).total.find((one: { metric: string }) => one.metric === 'api.points').quantity).toBe('95');
    // Of a tenant that one acts in, what one is there counts, not what somebody says.
    expect(codeOf(await ask(member.viewer, { representations: [{ __typename: 'Tenant', id: made.id, viewerRole: 'OWNER' }] }))).toBe('FORBIDDEN');
  });
});

describe('recordUsage', () => {
  const record = (input: object, viewer = owner(), idempotencyKey: string | null = null) => kit.ask('billing', RECORD, { input }, viewer, { idempotencyKey });
  const recorded = async (metric: string) => (await usageOf(kit, tenant.id, owner(), { from: midnight(-35).toISOString() })).total.find((one: { metric: string }) => one.metric === metric)?.quantity;

  it('counts something of a partner’s own once for one key, however often it is sent', async () => {
    const input = { metric: 'custom.pages-printed', quantity: '12.5', at: midnight(-2).toISOString(), attributes: { region: 'north' } };
    const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => record(input, owner(), 'once')));
    const { recordId } = done(first!);
    for (const other of others) expect(done(other)).toEqual({ recordId, userErrors: [] });
    const told = await eventually('the event', () => kit.events.find(({ type, subject }) => type === 'billing.usage-recorded' && subject === recordId));
    await metered(kit, new Set([told.id]));
    expect(kit.events.filter(({ type }) => type === 'billing.usage-recorded')).toHaveLength(1);
    expect(await recorded('custom.pages-printed')).toBe('12.5');
    expect(codeOf(await record({ ...input, quantity: '13' }, owner(), 'once'))).toBe('IDEMPOTENCY_MISMATCH');
  });

  it.each([
    ['a metric that is not its own', { metric: 'api.points' }, ['input', 'metric']],
    ['nothing', { quantity: '0' }, ['input', 'quantity']],
    ['what was long ago', { at: midnight(-36).toISOString() }, ['input', 'at']],
    ['what is to come', { at: midnight(2).toISOString() }, ['input', 'at']],
    ['words of Atlas', { attributes: { holder: 'me' } }, ['input', 'attributes']],
    ['attributes that are no texts', { attributes: { a: 1 } }, ['input', 'attributes']],
  ])('refuses %s', async (_what, wrong, path) => {
    const { data } = await record({ metric: 'custom.x', quantity: '1', ...wrong });
    expect((data as { recordUsage: { userErrors: object[] } }).recordUsage.userErrors).toEqual([{ code: 'INVALID_INPUT', message: expect.any(String), path }]);
  });

  it('refuses whoever may not', async () => {
    const member = await newMember(kit, tenant, 'MEMBER');
    expect(codeOf(await record({ metric: 'custom.x', quantity: '1' }, member.viewer))).toBe('FORBIDDEN');
    expect(codeOf(await record({ metric: 'custom.x', quantity: '1' }, stranger().viewer))).toBe('TENANT_REQUIRED');
  });
});
