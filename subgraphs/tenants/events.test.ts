import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Envelope } from '../../platform/event.ts';
import { newId } from '../../platform/ids.ts';
import { startTracing } from '../../platform/telemetry/trace.ts';
import { answering, openReceiver, type Receiver } from '../../test/kit/receiver.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { misfitsOf, sampleOf } from '../../test/kit/event-contracts.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { done, INVITE, inTenants, newKey, newMember, newTenant, stranger } from '../../test/kit/tenants.ts';
import * as contracts from './events.ts';

const VERSIONS = Object.values(contracts).map(({ type, version }): [string, number] => [type, version]);
const run = (name: string, more = '') => `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${more} userErrors { code } } }`;

let kit: Kit;
let gone: Receiver;
const tracing = await startTracing({ endpoint: undefined, process: 'test' });
const secrets: string[] = [];

/** Everything that tenants can tell, told once. */
beforeAll(async () => {
  kit = await startServices(['tenants'], { env: { WEBHOOKS_PRIVATE: 'on', WEBHOOKS_HTTP: 'on' } });
  gone = await openReceiver(answering(410));
  const tenant = await newTenant(kit, { name: 'Acme', sandbox: true });
  const { owner } = tenant;
  const by = async (name: string, input: object, more = '') => done(await kit.ask('tenants', run(name, more), { input }, owner.viewer));
  await by('updateTenant', { name: 'Acme Inc.' });
  await by('setFeature', { name: 'beta', enabled: true });
  const { invitation } = done(await kit.ask('tenants', INVITE, { input: { email: 'new@example.com', role: 'MEMBER' } }, owner.viewer));
  await by('revokeInvitation', { id: invitation.id });
  const [member, other] = [await newMember(kit, tenant, 'MEMBER'), await newMember(kit, tenant, 'MEMBER')];
  await by('changeMemberRole', { userId: member.userId, role: 'ADMIN' });
  const { id, secret } = await newKey(kit, owner, { collectionIds: [newId('col')], allowedAddresses: ['192.0.2.1'], expiresAt: '2999-01-01T00:00:00Z' });
  await by('updateApiKey', { id, name: 'renamed' });
  secrets.push(secret, (await by('rotateApiKey', { id }, 'secret')).secret);
  await by('revokeApiKey', { id });
  const { webhook, secret: signing } = await by('createWebhook', { url: gone.url, eventTypes: ['nothing.*'] }, 'webhook { id } secret');
  await by('updateWebhook', { id: webhook.id, description: 'For the shop.' });
  secrets.push(`_${signing.slice('whsec_'.length)}_`, `_${(await by('rotateWebhookSecret', { id: webhook.id }, 'secret')).secret.slice('whsec_'.length)}_`);
  await by('sendTestWebhook', { id: webhook.id });
  await kit.eventsOf('tenants.webhook-disabled');
  await by('deleteWebhook', { id: webhook.id });
  await by('removeMember', { userId: member.userId });
  done(await kit.ask('tenants', run('leaveTenant'), { input: {} }, other.viewer));
  await kit.eventsOf('tenants.member-removed', 2);
  // As one that was founded before anybody noted who has been told of it.
  await inTenants(kit, tenant.id, 'UPDATE tenants.tenant SET recalled = false');
  await kit.eventsOf('tenants.tenant-recalled');
});
afterAll(async () => {
  await kit.stop();
  await gone.close();
  await tracing.stop();
});

const typeOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);
/** Keys and JSON types, all the way down; a list is as its first entry. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...value.slice(0, 1).map(shapeOf)];
  if (value === null || typeof value !== 'object') return typeOf(value);
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, shapeOf(part)]));
}

describe('what tenants tells its neighbours', () => {
  it.each(VERSIONS)('%s has the shape of its frozen sample, version %d', async (type, version) => {
    const [told] = await kit.eventsOf(type);
    expect(shapeOf(JSON.parse(JSON.stringify(told)))).toEqual(shapeOf(sampleOf(type, version)));
  });

  it('keeps to the schema of every event, each time it is told', () => {
    expect(new Set(kit.events.map(({ type }) => type))).toEqual(new Set(VERSIONS.map(([type]) => type)));
    for (const event of kit.events) expect([event.type, misfitsOf(event)]).toEqual([event.type, []]);
  });

  it('says whose, by whom, and what was before and after', async () => {
    const [changed] = await kit.eventsOf('tenants.member-role-changed');
    const [created] = await kit.eventsOf('tenants.tenant-created');
    expect(changed).toMatchObject({ tenant: created!.tenant, subject: created!.subject, actor: created!.actor, audit: { entityType: 'Member', before: { role: 'MEMBER' }, after: { role: 'ADMIN' } } });
    // Of what was there before nothing has changed.
    for (const event of kit.events.filter(({ type }) => type !== 'tenants.tenant-recalled')) expect(event).toMatchObject({ tenant: created!.tenant, audit: { entityId: expect.any(String) } });
    expect((await kit.eventsOf('tenants.member-removed')).map(({ body }) => (body as { reason: string }).reason)).toEqual(['removed', 'left']);
  });

  it('numbers what happens to a tenant and its members in order', async () => {
    const [created] = await kit.eventsOf('tenants.tenant-created');
    const versions = kit.events.filter(({ subject }) => subject === created!.subject).map(({ subjectVersion }) => subjectVersion);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBe(versions.length - 1); // made and joined by its owner in one work
  });

  it('holds neither secrets nor hashes', () => {
    const told = JSON.stringify(kit.events);
    for (const secret of secrets) expect(told).not.toContain(secret.split('_').at(-2));
    expect(told).not.toMatch(/hash|inv_\w{30,}_|[0-9a-f]{64}/i);
  });

  it('tells nobody what was rolled back', async () => {
    const before = kit.events.length;
    const { viewer } = stranger();
    const answers = await Promise.all([1, 2, 3].map(() => kit.ask('tenants', run('createTenant'), { input: { name: 'x', slug: 'one-of-three' } }, viewer)));
    const created = (): Envelope[] => kit.events.slice(before).filter(({ type }) => type === 'tenants.tenant-created');
    await eventually('the one that was made', () => created().length > 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(answers.filter(({ data }) => (data!.createTenant as { userErrors: unknown[] }).userErrors.length === 0)).toHaveLength(1);
    expect(created()).toHaveLength(1);
  });
});
