import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId } from '../../platform/ids.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { answering, openReceiver, verified, verifies, type Receiver, type Reply } from '../../test/kit/receiver.ts';
import { SELF_SIGNED } from '../../test/kit/self-signed.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { dataOf, done, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';

const WEBHOOK = 'id url eventTypes description enabled disabledAt disabledReason formerSecretUntil';
const run = (name: string, more: string) => `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${more} userErrors { code message path } } }`;
const DELIVERIES = `query($id: ID!, $state: WebhookDeliveryState, $first: Int, $after: String) { _entities(representations: [{ __typename: "Webhook", nodeId: $id }]) { ... on Webhook {
  deliveries(state: $state, first: $first, after: $after) { nodes { id eventId eventType state attempts responseCode responseExcerpt failure durationMs attemptedAt nextAttemptAt webhook { id } } pageInfo { endCursor hasNextPage } } } } }`;
const ENV = { WEBHOOKS_PRIVATE: 'on', WEBHOOKS_HTTP: 'on', WEBHOOKS_TIMEOUT_MS: '1000', WEBHOOKS_RETRY_SECONDS: '1,1' }; // three attempts, a second apart

let kit: Kit;
/** Where the redirect leads. */
let next = '';
const open: Receiver[] = [];
beforeAll(async () => { kit = await startServices(['tenants'], { env: ENV }); });
afterEach(async () => { await Promise.all(open.splice(0).map((each) => each.close())); });
afterAll(() => kit.stop());

const receiver = async (reply?: Reply, tls?: { key: string; cert: string }) => {
  const opened = await openReceiver(reply, tls);
  open.push(opened);
  return opened;
};
const by = (who: Person, name: string, input: object, more = `webhook { ${WEBHOOK} }`, request = {}) => kit.ask('tenants', run(name, more), { input }, who.viewer, request);
const create = async ({ owner }: TestTenant, url: string, input: object = {}): Promise<{ id: string; secret: string }> => {
  const { webhook, secret } = done(await by(owner, 'createWebhook', { url, eventTypes: ['tenants.feature-set'], ...input }, `webhook { ${WEBHOOK} } secret`));
  return { id: webhook.id, secret };
};
/** Something happens in the tenant. */
const happen = async ({ owner }: TestTenant, name = 'beta') => void done(await by(owner, 'setFeature', { name, enabled: true }, ''));
const deliveries = async ({ viewer }: Person, id: string, more: object = {}): Promise<any[]> => (dataOf(await kit.ask('tenants', DELIVERIES, { id, ...more }, viewer))._entities[0]?.deliveries.nodes ?? []);
const delivery = (tenant: TestTenant, id: string, state: string): Promise<any> => eventually(`a delivery that is ${state}`, async () => (await deliveries(tenant.owner, id, { state }))[0]);

/** So many deliveries at one moment, due now. */
const queued = (tenant: TestTenant, webhookId: string, count: number): string => `INSERT INTO tenants.webhook_delivery (id, tenant_id, webhook_id, event_id, event_type, payload) VALUES
  ${Array.from({ length: count }, () => `('${newId('whd')}', '${tenant.id}', '${webhookId}', '${newId('evt')}', 'tenants.feature-set', '{}')`).join(', ')};
  UPDATE tenants.webhook_lane SET due_at = now() WHERE webhook_id = '${webhookId}'`;
async function asTenant({ id }: TestTenant, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: kit.database.url });
  await client.connect();
  await client.query(`BEGIN; SET LOCAL ROLE atlas_tenants; SET LOCAL app.tenant_id = '${id}'; ${sql}; COMMIT`);
  await client.end();
}

describe('a delivery', () => {
  it('is the event, signed so that the library of Standard Webhooks takes it', async () => {
    const [to, tenant] = [await receiver(), await newTenant(kit)];
    const { id, secret } = await create(tenant, to.url);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await happen(tenant);
    const told = await eventually('the event', () => kit.events.find((event) => event.type === 'tenants.feature-set' && event.tenant === tenant.id));
    const made = await delivery(tenant, id, 'DELIVERED');
    expect(made).toMatchObject({ eventId: told.id, eventType: 'tenants.feature-set', attempts: 1, responseCode: 204, failure: null, nextAttemptAt: null, webhook: { id } });
    expect(to.arrived).toHaveLength(1);
    const event = verified(secret, to.arrived[0]!);
    expect(event).toMatchObject({ specversion: '1.0', id: told!.id, type: 'tenants.feature-set', tenantid: tenant.id, subject: tenant.id, data: { body: { name: 'beta', enabled: true } } });
    expect(Object.keys(event.data)).toEqual(['body']);
    expect(to.arrived[0]!.headers).toMatchObject({ 'webhook-id': told!.id, 'content-type': 'application/cloudevents+json; charset=utf-8' });
    expect(verifies(`whsec_${Buffer.alloc(32).toString('base64')}`, to.arrived[0]!)).toBe(false);
  });

  it('goes to whoever wants it: by type, by kind, all, and to no other', async () => {
    const [to, tenant] = [await receiver(), await newTenant(kit)];
    const made = new Map<string, string>();
    for (const type of ['tenants.feature-set', 'tenants.*', '*', 'tenants.member-joined', 'users.*']) made.set(type, (await create(tenant, to.url, { eventTypes: [type] })).id);
    await happen(tenant);
    for (const type of ['tenants.feature-set', 'tenants.*', '*']) await eventually(type, async () => (await deliveries(tenant.owner, made.get(type)!, { state: 'DELIVERED' })).some(({ eventType }) => eventType === 'tenants.feature-set'));
    for (const type of ['tenants.member-joined', 'users.*']) expect(await deliveries(tenant.owner, made.get(type)!)).toEqual([]);
  });

  it('is a sentence for a channel that wants one, in which no name is markup or a mention', async () => {
    const [channel, program, tenant] = [await receiver(), await receiver(), await newTenant(kit)];
    const { id, secret } = await create(tenant, channel.url, { format: 'SLACK', eventTypes: ['tenants.tenant-updated'] });
    await create(tenant, program.url, { eventTypes: ['tenants.tenant-updated'] });
    done(await by(tenant.owner, 'updateTenant', { name: 'Bell & <!channel> *Söhne*' }, 'tenant { id }'));
    await delivery(tenant, id, 'DELIVERED');
    const [arrived] = channel.arrived;
    expect(arrived!.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(verifies(secret, arrived!)).toBe(true);
    const { text, ...more } = JSON.parse(arrived!.body);
    expect(more).toEqual({});
    expect(text.split('\n')[0]).toBe('*Tenant updated*: Bell &amp; &lt;!channel&gt; \u200b*Söhne\u200b*');
    expect(text.split('\n')[1]).toMatch(new RegExp(`^tenants\\.tenant-updated · ${tenant.id} · user ${tenant.owner.userId} · <!date\\^\\d+\\^`));
    const other = await eventually('the other format', () => program.arrived[0]);
    expect(JSON.parse(other.body)).toMatchObject({ specversion: '1.0', type: 'tenants.tenant-updated' });
  });

  it('is tried again until it is taken, under the same webhook-id', async () => {
    const to = await receiver((response, arrived) => answering(to.arrived.indexOf(arrived) < 2 ? 503 : 200)(response, arrived));
    const tenant = await newTenant(kit);
    const { id, secret } = await create(tenant, to.url);
    await happen(tenant);
    expect(await delivery(tenant, id, 'DELIVERED')).toMatchObject({ attempts: 3, responseCode: 200, responseExcerpt: 'answered 200' });
    expect(new Set(to.arrived.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(to.arrived.every((arrived) => verifies(secret, arrived))).toBe(true);
  });

  it.each<[string, Reply, object]>([
    ['a receiver that never answers', () => undefined, { responseCode: null, failure: 'The receiver did not answer within 1000 ms.' }],
    ['a redirect, which is not followed', (response) => answering(302, { location: `${next}` })(response, { headers: {}, body: '', path: '' }), { responseCode: 302, failure: 'The receiver answered with a redirect, which is not followed.' }],
    ['a receiver that dies before it has answered', (response) => void response.socket!.destroy(), { responseCode: null, failure: 'The connection to the receiver broke off.' }],
    ['a receiver that says what is wrong, at length', (response) => void response.writeHead(400).end('x'.repeat(5_000_000)), { responseCode: 400, responseExcerpt: 'x'.repeat(1_000), failure: 'The receiver answered 400.' }],
  ])('survives %s', async (_, reply, expected) => {
    const [to, elsewhere, tenant] = [await receiver(reply), await receiver(), await newTenant(kit)];
    next = elsewhere.url;
    const { id } = await create(tenant, to.url);
    await happen(tenant);
    const failed = await eventually('a failed attempt', async () => (await deliveries(tenant.owner, id)).find(({ attempts }) => attempts > 0));
    expect(failed).toMatchObject({ state: 'PENDING', nextAttemptAt: expect.anything(), ...expected });
    expect(elsewhere.arrived).toEqual([]);
  });

  it('is taken with the status, whatever the body does', async () => {
    const endless: Reply = (response) => { response.writeHead(200); new Readable({ read() { this.push('y'.repeat(65_536)); } }).pipe(response); };
    const dying: Reply = (response) => { response.writeHead(200, { 'content-length': '100' }); response.write('half'); setTimeout(() => response.socket!.destroy(), 50); };
    for (const reply of [endless, dying]) {
      const [to, tenant] = [await receiver(reply), await newTenant(kit)];
      const { id } = await create(tenant, to.url);
      await happen(tenant);
      expect(await delivery(tenant, id, 'DELIVERED')).toMatchObject({ attempts: 1, responseCode: 200 });
    }
  });

  it('is given up after the last attempt, and can be sent again', async () => {
    const [to, tenant] = [await receiver(answering(500)), await newTenant(kit)];
    const { id, secret } = await create(tenant, to.url);
    await happen(tenant);
    const failed = await delivery(tenant, id, 'FAILED');
    expect(failed).toMatchObject({ attempts: 3, nextAttemptAt: null, failure: 'The receiver answered 500.' });
    to.reply = answering(200);
    const { delivery: again } = done(await by(tenant.owner, 'redeliverWebhook', { deliveryId: failed.id }, 'delivery { id state }'));
    expect(again).toEqual({ id: failed.id, state: 'PENDING' });
    expect(await delivery(tenant, id, 'DELIVERED')).toMatchObject({ id: failed.id, attempts: 4 });
    expect(verified(secret, to.arrived.at(-1)!).id).toBe(failed.eventId);
    // What was taken can be sent again too.
    done(await by(tenant.owner, 'redeliverWebhook', { deliveryId: failed.id }, 'delivery { id }'));
    await eventually('a fifth arrival', () => to.arrived.length === 5);
    expect(new Set(to.arrived.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([failed.eventId]));
  });

  it('to a dead receiver holds up no other', async () => {
    const [dead, alive, tenant] = [await receiver(() => undefined), await receiver(), await newTenant(kit)];
    for (let n = 0; n < 6; n += 1) await create(tenant, dead.url);
    const { id } = await create(tenant, alive.url);
    for (let n = 0; n < 10; n += 1) await happen(tenant, `feature-${n}`);
    await eventually('all of the living one', async () => (await deliveries(tenant.owner, id, { state: 'DELIVERED' })).length === 10);
    expect(alive.arrived).toHaveLength(10);
  });

  it('waits for nothing once its webhook is disabled, also one that was on its way at that moment', async () => {
    const to = await receiver((...of) => { if (to.arrived.length === 4) free(); void all.then(() => answering(410)(...of)); });
    let free: () => void = () => undefined;
    const all = new Promise<void>((resolve) => { free = resolve; });
    const tenant = await newTenant(kit);
    const { id } = await create(tenant, to.url);
    await asTenant(tenant, queued(tenant, id, 4));
    expect(await eventually('four that failed', async () => { const failed = await deliveries(tenant.owner, id, { state: 'FAILED' }); return failed.length === 4 && failed; })).toHaveLength(4);
    expect(to.arrived).toHaveLength(4);
  });

  it('that is queued while its webhook is being disabled is given up, and keeps nobody busy', async () => {
    const [to, tenant] = [await receiver(), await newTenant(kit)];
    const { id } = await create(tenant, to.url, { enabled: false });
    await asTenant(tenant, queued(tenant, id, 1)); // as whoever queues leaves it when the webhook was enabled a moment ago
    expect(await delivery(tenant, id, 'FAILED')).toMatchObject({ attempts: 0, failure: 'The webhook was disabled.' });
    expect(to.arrived).toEqual([]);
  });

  it('does not wait for a certificate that nobody vouches for', async () => {
    const [to, tenant] = [await receiver(undefined, SELF_SIGNED), await newTenant(kit)];
    const { id } = await create(tenant, to.url);
    await happen(tenant);
    const failed = await eventually('a failed attempt', async () => (await deliveries(tenant.owner, id)).find(({ attempts }) => attempts > 0));
    expect(failed).toMatchObject({ responseCode: null, failure: 'The receiver’s certificate is not valid (DEPTH_ZERO_SELF_SIGNED_CERT).' });
    expect(to.arrived).toEqual([]);
  });
});
