import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../test/kit/eventually.ts';
import { misfitsOf, sampleOf } from '../test/kit/event-contracts.ts';
import { newPerson, type Person } from '../test/kit/people.ts';
import { type Kit, WHOLE } from '../test/kit/services.ts';
import { startTogether } from '../test/kit/together.ts';
import { newKey, newMember, newTenant, type TestTenant } from '../test/kit/tenants.ts';
import type { Envelope } from '../platform/event.ts';
import { newId } from '../platform/ids.ts';
import { openLog } from '../platform/log.ts';
import { userViewer } from '../platform/viewer.ts';
import { openDenials, type Denials } from './denials.ts';
import type { Denial } from './events.ts';

const TYPE = 'gateway.access-denied';

let kit: Kit;
let tenant: TestTenant;
let owner: Person, guest: Person;
let key: { id: string; secret: string };

beforeAll(async () => {
  kit = await startTogether(WHOLE);
  [owner, guest] = [await newPerson(kit), await newPerson(kit)];
  tenant = await newTenant(kit, {}, owner);
  await newMember(kit, tenant, 'GUEST', guest);
  key = await newKey(kit, tenant.owner);
});
afterAll(() => kit?.stop());

async function ask(query: string, authorization: string | null, more: { variables?: object; tenant?: string | null } = {}): Promise<{ data?: any; errors?: { extensions: { code: string; requestId: string } }[] }> {
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization: `Bearer ${authorization}` }), ...(more.tenant !== null && authorization && !authorization.startsWith('atl_') && { 'atlas-tenant': more.tenant ?? tenant.slug }) };
  const response = await fetch(`${kit.atlas.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables: more.variables }) });
  return await response.json() as never;
}
const told = (about: (event: Envelope<Denial>) => boolean): Promise<Envelope<Denial>> =>
  eventually('the refusal is told', () => (kit.events as Envelope<Denial>[]).find((event) => event.type === TYPE && about(event)));

describe('the gateway tells', () => {
  it('which field a person was refused, by its name and not by the client’s, in the tenant that they act in', async () => {
    const { errors } = await ask('{ t: tenant { secret: invitations { nodes { id } } } }', guest.session.accessToken);
    const event = await told(({ body }) => body.field === 'Tenant.invitations');
    expect(event).toMatchObject({ tenant: tenant.id, actor: { kind: 'user', id: guest.userId }, requestId: errors![0]!.extensions.requestId, body: { code: 'FORBIDDEN', missing: 'role ADMIN', count: 1, address: '127.0.0.1' } });
    expect(JSON.stringify(event)).not.toContain('secret');
    expect(misfitsOf(event)).toEqual([]);
    expect(Object.keys(sampleOf(TYPE, 1).body as object).sort()).toEqual(Object.keys(event.body).sort());
  });

  it('which scope a key lacked, also where the gateway itself withholds the field', async () => {
    await ask('{ tenant { apiKeys { nodes { id } } } }', key.secret);
    expect(await told(({ body }) => body.field === 'Tenant.apiKeys')).toMatchObject({ tenant: tenant.id, actor: { kind: 'key', id: key.id }, body: { missing: 'scope tenants:admin' } });
  });

  it('that a change was refused', async () => {
    await ask('mutation { setFeature(input: { name: "x", enabled: true }) { userErrors { code } } }', guest.session.accessToken);
    expect(await told(({ body }) => body.field === 'Mutation.setFeature')).toMatchObject({ actor: { id: guest.userId } });
  });

  it('that a credential was not good, to no tenant, whatever tenant it named', async () => {
    await ask('{ tenant { id } }', `${key.secret.slice(0, -1)}${key.secret.endsWith('a') ? 'b' : 'a'}`);
    expect(await told(({ body }) => body.code === 'UNAUTHENTICATED')).toMatchObject({ tenant: null, actor: { kind: 'anonymous' }, body: { field: null, address: '127.0.0.1' } });
    await ask('{ tenant { id } }', guest.session.accessToken, { tenant: 'nobodys' });
    expect(await told(({ body }) => body.code === 'TENANT_NOT_FOUND')).toMatchObject({ tenant: null });
  });

  it("that a good key came from elsewhere, to the key's tenant", async () => {
    const elsewhere = await newKey(kit, tenant.owner, { allowedAddresses: ['192.0.2.7'] });
    await ask('{ tenant { id } }', elsewhere.secret);
    expect(await told(({ body }) => body.missing === 'an allowed address')).toMatchObject({ tenant: tenant.id, actor: { kind: 'key', id: elsewhere.id } });
  });

  it('nothing of what is allowed, nor that a stranger would have to sign in', async () => {
    const before = kit.events.filter(({ type }) => type === TYPE).length;
    await ask('{ tenant { id } }', null);
    await ask('{ tenant { name apiKeys { nodes { id } } } }', owner.session.accessToken);
    await ask('{ tenant { auditEvents { nodes { id } } } }', guest.session.accessToken); // told after whatever came before it
    await told(({ body }) => body.field === 'Tenant.auditEvents');
    expect(kit.events.filter(({ type }) => type === TYPE)).toHaveLength(before + 1);
  });

  it('an admin, who finds it in the audit trail, with what it was about', async () => {
    const trail = `query($filter: AuditFilter) { tenant { auditEvents(filter: $filter) { nodes { id action actor { user { id name } } after entityId } } auditTrail { verified } } }`;
    const found = await eventually('it stands in the trail', async () => {
      const { data } = await ask(trail, owner.session.accessToken, { variables: { filter: { actorId: guest.userId, action: TYPE } } });
      return data.tenant.auditEvents.nodes.some((node: { entityId: string }) => node.entityId === 'Tenant.invitations') && data;
    });
    expect(found.tenant.auditTrail.verified).toBe(true);
    expect(found.tenant.auditEvents.nodes[0]).toMatchObject({ actor: { user: { id: guest.userId, name: 'Ann' } }, after: { code: 'FORBIDDEN' } });
  });

  it('what an event was about, as far as whoever asks may see it; and the event by its id', async () => {
    const entity = 'query($id: ID!) { node(id: $id) { id ... on AuditEvent { action entityType entity { __typename id ... on ApiKey { name } ... on Tenant { slug } } } } }';
    await ask('{ tenant { invitations { nodes { id } } } }', guest.session.accessToken);
    const list = '{ tenant { auditEvents(first: 100) { nodes { id action entityType entity { __typename id ... on ApiKey { name } } } } } }';
    type Node = { id: string; action: string; entity: unknown };
    const nodes = await eventually('all of it stands in the trail', async () => {
      const { data } = await ask(list, owner.session.accessToken);
      const found = data.tenant.auditEvents.nodes as Node[];
      return ['tenants.api-key-created', 'tenants.tenant-created', TYPE].every((action) => found.some((node) => node.action === action)) && found;
    });
    const of = (action: string): Node => nodes.find((node) => node.action === action)!;
    expect(of('tenants.api-key-created')).toMatchObject({ entityType: 'ApiKey', entity: { __typename: 'ApiKey', id: expect.stringMatching(/^key_/), name: 'robot' } });
    expect(of('tenants.tenant-created').entity).toEqual({ __typename: 'Tenant', id: tenant.id });
    expect(of(TYPE).entity).toBeNull();
    const { id } = of('tenants.api-key-created');
    expect(await ask(entity, owner.session.accessToken, { variables: { id } })).toMatchObject({ data: { node: { id, action: 'tenants.api-key-created', entity: { name: 'robot' } } } });
    for (const who of [guest.session.accessToken, key.secret, null]) expect((await ask(entity, who, { variables: { id } })).data.node).toBeNull();
  });
});

describe('a flood of refusals', () => {
  const written: Envelope<Denial>[] = [];
  const database = { transaction: async (_: unknown, __: unknown, body: (em: never) => Promise<unknown>) => await body({ execute: async (_sql: string, values: string[]) => { for (let n = 2; n < values.length; n += 3) written.push(JSON.parse(values[n]!)); } } as never) } as never;
  const open: Denials[] = [];
  const denials = (againMs: number): Denials => {
    written.length = 0;
    const opened = openDenials({ database, told: () => undefined, log: openLog({ level: 'silent', pretty: false }), againMs });
    open.push(opened);
    return opened;
  };
  afterEach(async () => { await Promise.all(open.splice(0).map((each) => each.stop())); });
  const total = (): number => written.reduce((sum, { body }) => sum + body.count, 0);
  const viewer = () => userViewer({ userId: newId('usr'), sessionId: null, tenantId: newId('tnt'), role: 'GUEST' });

  it('of one caller and one kind is told at once and then as a number, none uncounted', async () => {
    const noted = denials(60_000);
    const who = viewer();
    noted.note(who, null, { code: 'RATE_LIMITED' });
    await eventually('the first is told', () => written.length === 1);
    for (let n = 0; n < 9_999; n += 1) noted.note(who, null, { code: 'RATE_LIMITED' });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(written).toHaveLength(1);
    await noted.stop();
    expect(written.map(({ body }) => body.count)).toEqual([1, 9_999]);
  });

  it('goes on to be told when its minute is over', async () => {
    const noted = denials(200);
    const who = viewer();
    noted.note(who, null, { code: 'FORBIDDEN', field: 'Tenant.apiKeys' });
    await eventually('the first is told', () => written.length === 1);
    noted.note(who, null, { code: 'FORBIDDEN', field: 'Tenant.apiKeys' });
    await eventually('the second is told', () => written.length === 2);
  });

  it('that is over is forgotten, however busy others are: a caller has all its lines again', async () => {
    const noted = denials(300);
    const [who, busy] = [viewer(), viewer()];
    const noise = setInterval(() => noted.note(busy, null, { code: 'FORBIDDEN', field: 'Tenant.apiKeys' }), 20);
    try {
      for (let n = 0; n < 10; n += 1) noted.note(who, null, { code: 'FORBIDDEN', field: `Tenant.f${n}` });
      const named = (field: string) => written.some(({ actor, body }) => actor.id === who.id && body.field === field);
      await eventually('the first to be told', () => named('Tenant.f9'));
      let later = 0;
      await eventually('a later one to be told by its name', () => { later += 1; noted.note(who, null, { code: 'FORBIDDEN', field: `Tenant.later${later}` }); return written.some(({ body }) => body.field?.startsWith('Tenant.later')); });
    } finally {
      clearInterval(noise);
    }
  });

  it('of one caller and many kinds fills few lines, and of many callers a bounded number', async () => {
    const noted = denials(60_000);
    const who = viewer();
    for (let n = 0; n < 1_000; n += 1) noted.note(who, null, { code: 'FORBIDDEN', field: `Tenant.f${n}` });
    for (let n = 0; n < 20_000; n += 1) noted.note(viewer(), null, { code: 'FORBIDDEN', field: 'Tenant.apiKeys' });
    await noted.stop();
    expect(written.filter(({ actor }) => actor.id === who.id)).toHaveLength(11);
    expect(written.length).toBeLessThanOrEqual(2_001);
    expect(total()).toBe(21_000);
  });
});
