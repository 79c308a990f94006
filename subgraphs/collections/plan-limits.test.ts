/** What a tenant's plan holds of collections, items and files is told by billing, kept here, and held to before anything is done. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../platform/ids.ts';
import { ATTACH, attached, sent } from '../../test/kit/attachments.ts';
import { itemMutation, newCollection, newItem } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { freePort } from '../../test/kit/free-port.ts';
import { ended, IMPORT } from '../../test/kit/jobs.ts';
import { startServices, WHOLE, type Kit } from '../../test/kit/services.ts';
import { codeOf, done, newTenant, payloadOf, type TestTenant } from '../../test/kit/tenants.ts';
import { tellUsage, usageEvent } from '../../test/kit/usage.ts';

let kit: Kit;
beforeAll(async () => { kit = await startServices(WHOLE, { env: { PORT: String(await freePort()) } }); });
afterAll(() => kit?.stop());

let version = 1_000;
/** As billing tells it; resolves once collections has heard of it. */
async function entitled({ id }: TestTenant, limits: Record<string, number>): Promise<void> {
  const body = { tenantId: id, plan: 'FREE', planVersion: 1, currency: 'USD', features: [], limits, prices: {}, seats: 10 };
  await tellUsage(kit.database.url, [{ ...usageEvent(id, []), type: 'billing.entitlements-changed', subject: newId('sub'), subjectVersion: (version += 1), body }]);
  kit.atlas.bus.told('tenants');
  await eventually('collections to have heard of it', async () => kit.events.some(({ subjectVersion, type }) => type === 'billing.entitlements-changed' && subjectVersion === version)
    && (await kit.atlas.bus.lag()).find(({ group }) => group === 'collections:entitlements')?.waiting === 0);
}
const ask = ({ owner }: TestTenant, document: string, input: object) => kit.ask('collections', document, { input } as Record<string, unknown>, owner.viewer);
const create = (tenant: TestTenant, collectionId: string) => ask(tenant, itemMutation('createItem'), { collectionId, title: 'One more', body: '' });
const rows = (count: number) => Array.from({ length: count }, (_, n) => JSON.stringify({ title: `Row ${n}` })).join('\n');

describe('a plan', () => {
  it('holds so many collections', async () => {
    const tenant = await newTenant(kit);
    await entitled(tenant, { collections: 2 });
    await newCollection(kit, tenant.owner);
    await newCollection(kit, tenant.owner);
    const answer = await ask(tenant, 'mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id } userErrors { code message } } }', { name: 'A third' });
    expect([codeOf(answer), payloadOf(answer)?.userErrors?.[0]?.message]).toEqual(['PLAN_LIMIT', 'The plan of this tenant holds 2 collections, and there are 2.']);
    await entitled(tenant, { collections: 3 });
    await newCollection(kit, tenant.owner);
  });

  it('holds so many items, made one by one, restored or brought in by a file', async () => {
    const tenant = await newTenant(kit);
    const collectionId = await newCollection(kit, tenant.owner);
    const first = await newItem(kit, tenant.owner, collectionId);
    await entitled(tenant, { items: 2 });
    const second = await newItem(kit, tenant.owner, collectionId);
    expect(codeOf(await create(tenant, collectionId))).toBe('PLAN_LIMIT');
    expect(codeOf(await ask(tenant, IMPORT, { collectionId, format: 'JSONL', policy: 'REJECT_ROWS', content: rows(1) }))).toBe('PLAN_LIMIT');
    // What is deleted makes room, and wants room to come back.
    done(await ask(tenant, itemMutation('deleteItem'), { id: second }));
    done(await create(tenant, collectionId));
    expect(codeOf(await ask(tenant, itemMutation('restoreItem'), { id: second }))).toBe('PLAN_LIMIT');
    done(await ask(tenant, itemMutation('deleteItem'), { id: first }));
    // There is room for one of them, and none comes.
    const { job } = done(await ask(tenant, IMPORT, { collectionId, format: 'JSONL', policy: 'REJECT_ROWS', content: rows(5) }));
    expect(await ended(kit, tenant.owner, job.id)).toMatchObject({ state: 'FAILED', error: { code: 'PLAN_LIMIT' } });
    await entitled(tenant, {});
    done(await ask(tenant, itemMutation('restoreItem'), { id: second }));
  });

  it('holds so many bytes of files', async () => {
    const tenant = await newTenant(kit);
    const item = await newItem(kit, tenant.owner, await newCollection(kit, tenant.owner));
    await entitled(tenant, { storageBytes: 10 });
    const attachment = await attached(kit, tenant.owner, item, { content: '12345678' });
    expect(codeOf(await ask(tenant, ATTACH, { itemId: item, uploadId: await sent(kit, tenant.owner, { content: '123' }) }))).toBe('PLAN_LIMIT');
    done(await ask(tenant, 'mutation($input: RemoveAttachmentInput!) { removeAttachment(input: $input) { attachmentId userErrors { code } } }', { id: attachment.id }));
    await attached(kit, tenant.owner, item, { content: '123' });
  });
});
