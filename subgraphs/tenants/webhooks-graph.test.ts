import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId, type ApiKeyId } from '../../platform/ids.ts';
import { anonymous, keyViewer } from '../../platform/viewer.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { answering, openReceiver, verifies, type Receiver } from '../../test/kit/receiver.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newMember, newTenant, payloadOf, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { forgetOldDeliveries } from './infrastructure/forgotten-deliveries.ts';

const WEBHOOK = 'id url eventTypes description enabled disabledAt disabledReason formerSecretUntil';
const run = (name: string, more: string) => `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${more} userErrors { code message path } } }`;
const LIST = `{ tenant { webhooks { nodes { ${WEBHOOK} deliveries { nodes { id eventType state } } } } } }`;
const ENTITY = 'query($of: [_Any!]!) { _entities(representations: $of) { ... on Webhook { id } ... on WebhookDelivery { id } } }';
const ENV = { WEBHOOKS_PRIVATE: '127.0.0.0/8', WEBHOOKS_HTTP: 'on', WEBHOOKS_TIMEOUT_MS: '1000', WEBHOOKS_RETRY_SECONDS: '1,1,1,1', WEBHOOKS_DISABLE_ATTEMPTS: '3', WEBHOOKS_DISABLE_HOURS: '0' };

let kit: Kit;
let to: Receiver;
const closing: Receiver[] = [];
beforeAll(async () => {
  kit = await startServices(['tenants'], { env: ENV });
  to = await openReceiver();
});
afterAll(async () => {
  await kit.stop();
  await Promise.all([to, ...closing].map((each) => each.close()));
});

const by = (who: Pick<Person, 'viewer'>, name: string, input: object, more = `webhook { ${WEBHOOK} }`, request = {}) => kit.ask('tenants', run(name, more), { input }, who.viewer, request);
const create = async ({ owner }: TestTenant, input: object = {}): Promise<{ id: string; secret: string }> => {
  const { webhook, secret } = done(await by(owner, 'createWebhook', { url: to.url, eventTypes: ['tenants.feature-set'], ...input }, `webhook { ${WEBHOOK} } secret`));
  return { id: webhook.id, secret };
};
const happen = async ({ owner }: TestTenant, name = 'beta') => void done(await by(owner, 'setFeature', { name, enabled: true }, ''));
const webhooks = async ({ viewer }: Pick<Person, 'viewer'>): Promise<any[]> => dataOf(await kit.ask('tenants', LIST, {}, viewer)).tenant.webhooks.nodes;
const arrivedOf = (tenant: TestTenant) => to.arrived.filter(({ body }) => JSON.parse(body).tenantid === tenant.id);
const keyOf = (tenant: TestTenant, scopes: string[], collectionIds: string[] | null = null) => ({ viewer: keyViewer({ keyId: newId('key') as ApiKeyId, tenantId: tenant.id, scopes, collectionIds, sandbox: false }) });

describe('createWebhook', () => {
  it('answers its secret once, and a replay with the same', async () => {
    const tenant = await newTenant(kit);
    const twice = await Promise.all([1, 2].map(() => by(tenant.owner, 'createWebhook', { url: to.url, eventTypes: ['*', 'tenants.*', '*'], description: ' for Ann ' }, `webhook { ${WEBHOOK} } secret`, { idempotencyKey: 'key' })));
    expect(payloadOf(twice[0]!)).toEqual(payloadOf(twice[1]!));
    expect(payloadOf(twice[0]!)).toMatchObject({ secret: expect.stringMatching(/^whsec_/), webhook: { url: to.url, eventTypes: ['*', 'tenants.*'], description: 'for Ann', enabled: true, disabledReason: null } });
    expect(await webhooks(tenant.owner)).toHaveLength(1);
  });

  it('refuses bad input, each at its place', async () => {
    const { owner } = await newTenant(kit);
    const bad: [object, string[]][] = [
      ...['', 'nonsense', 'ftp://example.com/', 'http://ann:secret@127.0.0.1/', 'http://ann@127.0.0.1/', 'http://10.0.0.1/', 'http://[::1]/', `http://127.0.0.1/${'x'.repeat(2_000)}`].map((url): [object, string[]] => [{ url }, ['input', 'url']]),
      [{ eventTypes: [] }, ['input', 'eventTypes']],
      ...['', 'tenants', 'tenants.', '.*', '**', 'tenants.*.x', 'Tenants.*', 'a b.c'].map((type): [object, string[]] => [{ eventTypes: ['*', type] }, ['input', 'eventTypes', '1']]),
      [{ eventTypes: Array.from({ length: 51 }, (_, n) => `a.b${n}`) }, ['input', 'eventTypes']],
      [{ description: 'x'.repeat(201) }, ['input', 'description']],
    ];
    for (const [input, path] of bad) expect([input, payloadOf(await by(owner, 'createWebhook', { url: to.url, eventTypes: ['*'], ...input })).userErrors[0]]).toMatchObject([input, { code: 'INVALID_INPUT', path }]);
  });

  it('refuses the twenty-first, also of two who come at once', async () => {
    const tenant = await newTenant(kit);
    for (let n = 0; n < 19; n += 1) await create(tenant, { enabled: false });
    const codes = (await Promise.all([1, 2].map(() => by(tenant.owner, 'createWebhook', { url: to.url, eventTypes: ['*'] })))).map(codeOf);
    expect(codes.sort()).toEqual(['LIMIT_REACHED', undefined]);
  });

  it('refuses strangers, members, and keys without the scope or held to collections', async () => {
    const tenant = await newTenant(kit);
    const [member, admin] = [await newMember(kit, tenant, 'MEMBER'), await newMember(kit, tenant, 'ADMIN')];
    const tried = async (who: Pick<Person, 'viewer'>) => codeOf(await by(who, 'createWebhook', { url: to.url, eventTypes: ['*'], enabled: false }));
    expect(await tried({ viewer: anonymous })).toBe('UNAUTHENTICATED');
    expect(await tried(member)).toBe('FORBIDDEN');
    expect(await tried(keyOf(tenant, ['tenants:admin']))).toBe('FORBIDDEN');
    expect(await tried(keyOf(tenant, ['webhooks:manage'], [newId('col')]))).toBe('FORBIDDEN');
    expect([await tried(admin), await tried(keyOf(tenant, ['webhooks:manage']))]).toEqual([undefined, undefined]);
    done(await kit.ask('tenants', 'mutation($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { userErrors { code } } }', { input: { userId: admin.userId, role: 'GUEST' } }, tenant.owner.viewer));
    expect(await tried(admin)).toBe('FORBIDDEN'); // the viewer still says ADMIN
  });
});

describe('a webhook', () => {
  it('is nobody else’s: another tenant sees, changes and hears nothing of it', async () => {
    const [mine, theirs] = [await newTenant(kit), await newTenant(kit)];
    const { id } = await create(mine, { eventTypes: ['*'] });
    await happen(mine);
    await happen(theirs);
    const [{ id: deliveryId }] = await eventually('a delivery', async () => { const [{ deliveries }] = await webhooks(mine.owner); return deliveries.nodes.length > 0 && deliveries.nodes; });
    for (const answer of [by(theirs.owner, 'updateWebhook', { id, description: 'x' }), by(theirs.owner, 'rotateWebhookSecret', { id }), by(theirs.owner, 'sendTestWebhook', { id }), by(theirs.owner, 'deleteWebhook', { id }, 'webhookId'), by(theirs.owner, 'redeliverWebhook', { deliveryId }, '')]) expect(codeOf(await answer)).toBe('NOT_FOUND');
    expect(await webhooks(theirs.owner)).toEqual([]);
    const seen = async (who: Pick<Person, 'viewer'>) => dataOf(await kit.ask('tenants', ENTITY, { of: [{ __typename: 'Webhook', nodeId: id }, { __typename: 'WebhookDelivery', nodeId: deliveryId }] }, who.viewer))._entities.map((found: { id: string } | null) => found?.id ?? null);
    expect([await seen(theirs.owner), await seen(await newMember(kit, mine, 'MEMBER')), await seen(mine.owner), await seen(keyOf(mine, ['webhooks:manage']))]).toEqual([[null, null], [null, null], [id, deliveryId], [id, deliveryId]]);
    await eventually('what happened in mine', () => arrivedOf(mine).some(({ body }) => JSON.parse(body).type === 'tenants.feature-set'));
    expect(arrivedOf(theirs)).toEqual([]);
  });

  it('is tried out with an event of its own, whatever it wants', async () => {
    const tenant = await newTenant(kit);
    const [{ id, secret }, other] = [await create(tenant), await create(tenant, { eventTypes: ['*'] })];
    done(await by(tenant.owner, 'sendTestWebhook', { id }));
    await happen(tenant);
    await eventually('both events', () => arrivedOf(tenant).filter((arrived) => verifies(secret, arrived)).length === 2);
    expect(arrivedOf(tenant).filter((arrived) => verifies(secret, arrived)).map(({ body }) => JSON.parse(body).type).sort()).toEqual(['tenants.feature-set', 'tenants.webhook-tested']);
    expect(arrivedOf(tenant).filter((arrived) => verifies(other.secret, arrived)).map(({ body }) => JSON.parse(body).type)).not.toContain('tenants.webhook-tested');
  });

  it('signs with both secrets while they overlap, and with the new one alone otherwise', async () => {
    const tenant = await newTenant(kit);
    const { id, secret } = await create(tenant);
    const rotated = done(await by(tenant.owner, 'rotateWebhookSecret', { id }, 'webhook { formerSecretUntil } secret'));
    expect(new Date(rotated.webhook.formerSecretUntil).getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    await happen(tenant);
    const [both] = await eventually('an arrival', () => arrivedOf(tenant).length === 1 && arrivedOf(tenant));
    expect([verifies(secret, both!), verifies(rotated.secret, both!)]).toEqual([true, true]);
    const third = done(await by(tenant.owner, 'rotateWebhookSecret', { id, overlapSeconds: 0 }, 'webhook { id } secret')).secret;
    await happen(tenant, 'gamma');
    const [, alone] = await eventually('another', () => arrivedOf(tenant).length === 2 && arrivedOf(tenant));
    expect([secret, rotated.secret, third].map((each) => verifies(each, alone!))).toEqual([false, false, true]);
    for (const overlapSeconds of [-1, 604_801]) expect(codeOf(await by(tenant.owner, 'rotateWebhookSecret', { id, overlapSeconds }))).toBe('INVALID_INPUT');
  });

  it('that is off gets nothing of what happens meanwhile, and can be neither tried out nor sent to', async () => {
    const tenant = await newTenant(kit);
    const { id } = await create(tenant);
    expect(done(await by(tenant.owner, 'updateWebhook', { id, enabled: false })).webhook).toMatchObject({ enabled: false, disabledReason: 'REQUESTED', disabledAt: expect.any(Date) });
    expect(codeOf(await by(tenant.owner, 'sendTestWebhook', { id }))).toBe('INVALID_INPUT');
    await happen(tenant, 'missed');
    await eventually('the missed event, told', () => kit.events.some((event) => event.tenant === tenant.id && event.type === 'tenants.feature-set'));
    expect(done(await by(tenant.owner, 'updateWebhook', { id, enabled: true, eventTypes: ['*'] })).webhook).toMatchObject({ enabled: true, disabledReason: null, disabledAt: null });
    await happen(tenant, 'seen');
    await eventually('what came after', () => arrivedOf(tenant).some(({ body }) => JSON.parse(body).data.body.name === 'seen'));
    expect(arrivedOf(tenant).some(({ body }) => JSON.parse(body).data.body.name === 'missed')).toBe(false);
  });

  it('that is deleted is gone with what it sent', async () => {
    const tenant = await newTenant(kit);
    const { id } = await create(tenant);
    await happen(tenant);
    await eventually('an arrival', () => arrivedOf(tenant).length === 1);
    expect(done(await by(tenant.owner, 'deleteWebhook', { id }, 'webhookId'))).toMatchObject({ webhookId: id });
    expect(await webhooks(tenant.owner)).toEqual([]);
    const client = new pg.Client({ connectionString: kit.database.url });
    await client.connect();
    await client.query(`BEGIN; SET LOCAL ROLE atlas_tenants; SET LOCAL app.tenant_id = '${tenant.id}'`);
    const { rows } = await client.query('SELECT id FROM tenants.webhook UNION ALL SELECT webhook_id FROM tenants.webhook_lane UNION ALL SELECT id FROM tenants.webhook_delivery');
    await client.end();
    expect(rows).toEqual([]);
  });
});

describe('a receiver that wants no more', () => {
  const ends: [string, number, string, number][] = [['answers 410 Gone', 410, 'GONE', 1], ['fails again and again', 500, 'FAILING', 3]];
  it.each(ends)('and %s (%i) is left alone, and the tenant is told', async (_, code, reason, attempts) => {
    const broken = await openReceiver(answering(code));
    closing.push(broken);
    const tenant = await newTenant(kit);
    const { id } = await create(tenant, { url: broken.url });
    await happen(tenant);
    const told = await eventually('the event', () => kit.events.find((event) => event.type === 'tenants.webhook-disabled' && event.tenant === tenant.id));
    expect(told).toMatchObject({ subject: id, actor: { kind: 'system' }, body: { reason, ownerIds: [tenant.owner.userId], tenantName: 'Acme', sandbox: false }, audit: { entityType: 'Webhook', entityId: id, before: { enabled: true }, after: { enabled: false, reason } } });
    const [found] = await webhooks(tenant.owner);
    expect(found).toMatchObject({ enabled: false, disabledReason: reason, deliveries: { nodes: [{ state: 'FAILED' }] } });
    expect(broken.arrived).toHaveLength(attempts);
  });
});

describe('deliveries', () => {
  it('have pages, the newest first', async () => {
    const tenant = await newTenant(kit);
    const { id } = await create(tenant);
    for (let n = 0; n < 5; n += 1) await happen(tenant, `feature-${n}`);
    await eventually('five arrivals', () => arrivedOf(tenant).length === 5);
    const page = async (first: number, after: string | null): Promise<any> => dataOf(await kit.ask('tenants', `query($of: [_Any!]!, $first: Int, $after: String) { _entities(representations: $of) { ... on Webhook {
      deliveries(first: $first, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } } } }`, { of: [{ __typename: 'Webhook', nodeId: id }], first, after }, tenant.owner.viewer))._entities[0].deliveries;
    const ids: string[] = [];
    for (let after: string | null = null; ;) {
      const { nodes, pageInfo } = await page(2, after);
      ids.push(...nodes.map((node: { id: string }) => node.id));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(ids).toHaveLength(5);
    expect(ids).toEqual((await page(100, null)).nodes.map((node: { id: string }) => node.id));
    expect(ids).toEqual([...ids].sort().reverse());
  });

  it('are forgotten after thirty days, of every tenant, but for what is still to be sent', async () => {
    const tenant = await newTenant(kit);
    await create(tenant);
    for (const name of ['old', 'waiting', 'new']) await happen(tenant, name);
    const seen = async () => (await webhooks(tenant.owner))[0].deliveries.nodes as { id: string; state: string }[];
    const [, waiting, old] = await eventually('three deliveries', async () => { const all = await seen(); return all.length === 3 && all.every(({ state }) => state === 'DELIVERED') && all; });
    const sql = new pg.Client({ connectionString: kit.database.url });
    await sql.connect();
    await sql.query(`BEGIN; SET LOCAL ROLE atlas_tenants; SET LOCAL app.tenant_id = '${tenant.id}'`);
    await sql.query(`UPDATE tenants.webhook_delivery SET created_at = now() - interval '31 days' WHERE id = ANY ($1)`, [[old!.id, waiting!.id]]);
    await sql.query(`UPDATE tenants.webhook_delivery SET state = 'PENDING', next_attempt_at = now() + interval '1 day' WHERE id = $1`, [waiting!.id]);
    await sql.query('COMMIT; BEGIN; SET LOCAL ROLE atlas_purge');
    const asPurge = async <T>(body: (em: never) => Promise<T>): Promise<T> => body({ execute: async (statement: string) => (await sql.query(statement)).rows } as never);
    expect(await forgetOldDeliveries({ asPurge } as never)).toBe(false);
    await sql.query('COMMIT');
    await sql.end();
    expect((await seen()).map((each) => each.id)).not.toContain(old!.id);
    expect((await seen()).map((each) => each.id)).toContain(waiting!.id);
    expect(await seen()).toHaveLength(2);
  });
});

describe('the database', () => {
  it('shows the clock which lanes are due, and nothing of what is in them', async () => {
    const tenant = await newTenant(kit);
    await create(tenant);
    const client = new pg.Client({ connectionString: kit.database.url });
    await client.connect();
    const asClock = async (sql: string) => { await client.query('BEGIN; SET LOCAL ROLE atlas_clock'); try { return (await client.query(sql)).rows; } finally { await client.query('ROLLBACK'); } };
    expect((await asClock('SELECT tenant_id FROM tenants.webhook_lane')).filter(({ tenant_id: of }) => of === tenant.id)).toEqual([]); // nothing is due
    for (const sql of ['SELECT * FROM tenants.webhook', 'SELECT payload FROM tenants.webhook_delivery', 'SELECT lease FROM tenants.webhook_lane', 'UPDATE tenants.webhook_lane SET failures = 0', 'SELECT * FROM tenants.tenant']) await expect(asClock(sql)).rejects.toThrow('permission denied');
    await client.end();
  });
});
