import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId, type TenantId } from '../../platform/ids.ts';
import { AtlasError } from '../../platform/errors.ts';
import type { Envelope } from '../../platform/event.ts';
import { anonymous, keyViewer } from '../../platform/viewer.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newMember, newTenant, stranger, type TestTenant } from '../../test/kit/tenants.ts';

const LIST = `query($first: Int, $after: String) { deadLetters(first: $first, after: $after) {
  nodes { id consumer eventId eventType code message tries parkedAt lastTriedAt retryAt } edges { cursor } pageInfo { hasNextPage endCursor } } }`;
const REPLAY = 'mutation($input: ReplayDeadLetterInput!) { replayDeadLetter(input: $input) { deadLetter { id retryAt } userErrors { code path } } }';
const CONSUMER = 'tenants:tenants.member-invited';

let kit: Kit;
let owner: pg.Client;
let [mine, theirs]: TestTenant[] = [];
beforeAll(async () => {
  kit = await startServices(['tenants']);
  [mine, theirs] = [await newTenant(kit), await newTenant(kit)];
  owner = new pg.Client({ connectionString: kit.database.url });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await kit?.stop();
});

/** As the bus keeps it, for a consumer that nobody is: it stays until it is asked for. */
async function park(tenant: TenantId | null, more: Partial<Envelope> = {}, consumer = 'tenants:nobody'): Promise<Envelope> {
  const event: Envelope = {
    id: newId('evt'), type: 'tenants.member-invited', version: 1, subject: newId('inv'), subjectVersion: 1, tenant, at: new Date().toISOString(),
    actor: { kind: 'system', id: 'system:tenants' }, requestId: null, traceparent: null, body: { canary: 'of the event' }, ...more,
  };
  await kit.atlas.deadLetters.park({ consumer, event, error: new AtlasError('NOT_FOUND', 'There is no such thing.', { cause: new Error('canary of the cause') }), tries: 5 });
  return event;
}
const list = async (viewer = mine!.owner.viewer, page: Record<string, unknown> = {}) => dataOf(await kit.ask('tenants', LIST, page, viewer)).deadLetters;
const key = (scopes: string[]) => keyViewer({ keyId: newId('key'), tenantId: mine!.id, scopes, collectionIds: null, sandbox: false });

describe('deadLetters', () => {
  it('shows an ADMIN what could not be handled and why, and neither its content nor the cause', async () => {
    const event = await park(mine!.id);
    const [letter] = (await list((await newMember(kit, mine!, 'ADMIN')).viewer)).nodes;
    expect(letter).toEqual({
      id: expect.stringMatching(/^ded_/), consumer: 'tenants:nobody', eventId: event.id, eventType: 'tenants.member-invited', code: 'NOT_FOUND', message: 'There is no such thing.', tries: 5,
      parkedAt: expect.any(Date), lastTriedAt: expect.any(Date), retryAt: expect.any(Date),
    });
    expect((await list(key(['tenants:admin']))).nodes).toEqual([letter]);
    expect(JSON.stringify(await list())).not.toContain('canary');
  });

  it('has pages, the newest first', async () => {
    for (let n = 0; n < 4; n += 1) await park(mine!.id);
    const all = (await list()).nodes.map(({ id }: { id: string }) => id);
    expect(all).toEqual([...all].sort().reverse());
    const paged: string[] = [];
    for (let after: string | null = null; ;) {
      const { nodes, pageInfo } = await list(mine!.owner.viewer, { first: 2, after });
      paged.push(...nodes.map(({ id }: { id: string }) => id));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(paged).toEqual(all);
    const { endCursor } = (await list(mine!.owner.viewer, { first: 1 })).pageInfo;
    expect(codeOf(await kit.ask('tenants', LIST, { after: endCursor }, theirs!.owner.viewer))).toBe('CURSOR_INVALID');
  });

  it('shows no other tenant anything, and what belongs to no tenant to nobody', async () => {
    await park(null);
    expect((await list(theirs!.owner.viewer)).nodes).toEqual([]);
    expect((await list()).nodes.every(({ consumer }: { consumer: string }) => consumer === 'tenants:nobody')).toBe(true);
    const operator = await kit.atlas.deadLetters.list(100);
    expect(operator.filter(({ tenant }) => tenant === null)).toHaveLength(1);
    expect((await list()).nodes).toHaveLength(operator.length - 1);
  });

  it('refuses strangers, members, and keys without the scope', async () => {
    const refused = await Promise.all([anonymous, stranger().viewer, (await newMember(kit, mine!, 'MEMBER')).viewer, key(['tenants:read'])].map(async (viewer) => codeOf(await kit.ask('tenants', LIST, {}, viewer))));
    expect(refused).toEqual(['UNAUTHENTICATED', 'TENANT_REQUIRED', 'FORBIDDEN', 'FORBIDDEN']);
  });
});

describe('the database lets the tenants service', () => {
  const asRole = async (sql: string) => {
    await owner.query(`BEGIN; SET LOCAL ROLE atlas_tenants; SET LOCAL app.tenant_id = '${mine!.id}'`);
    return owner.query(sql).finally(() => owner.query('ROLLBACK'));
  };
  it.each(['SELECT envelope FROM bus.dead_letter', 'SELECT detail FROM bus.dead_letter', `UPDATE bus.dead_letter SET code = 'x'`, 'DELETE FROM bus.dead_letter', 'SELECT * FROM bus.event_log'])('not %s', async (sql) => {
    await expect(asRole(sql)).rejects.toThrow('permission denied');
  });
  it('see and ask for its own only', async () => {
    await park(theirs!.id);
    expect(new Set((await asRole('UPDATE bus.dead_letter SET retry_at = now() RETURNING tenant_id')).rows.map((row: { tenant_id: string }) => row.tenant_id))).toEqual(new Set([mine!.id]));
  });
});

describe('replayDeadLetter', () => {
  const replay = (id: string, viewer = mine!.owner.viewer, idempotencyKey: string | null = null) => kit.ask('tenants', REPLAY, { input: { id } }, viewer, { idempotencyKey });

  it('has the event handled soon, and the dead letter is gone', async () => {
    const event = await park(mine!.id, { body: { tenantId: mine!.id, invitationId: newId('inv'), email: 'a@example.com', role: 'GUEST', expiresAt: new Date().toISOString() } }, CONSUMER);
    const { id } = (await list()).nodes.find(({ eventId }: { eventId: string }) => eventId === event.id);
    const { deadLetter } = done(await replay(id));
    expect(deadLetter).toEqual({ id, retryAt: expect.any(Date) });
    await eventually('the dead letter to be gone', async () => !(await list()).nodes.some((letter: { id: string }) => letter.id === id));
  });

  it('answers the same again to the same Idempotency-Key', async () => {
    await park(mine!.id);
    const { id } = (await list()).nodes[0];
    const [first, second] = [done(await replay(id, mine!.owner.viewer, 'once')), done(await replay(id, mine!.owner.viewer, 'once'))];
    expect(second).toEqual(first);
  });

  it('says the same of what is unknown, misspelt and of another tenant', async () => {
    await park(mine!.id);
    const { id } = (await list()).nodes[0];
    const retryAt = async () => (await list()).nodes.find((letter: { id: string }) => letter.id === id).retryAt;
    const before = await retryAt();
    const answers = await Promise.all([replay(newId('ded')), replay('ded_1'), replay(id, theirs!.owner.viewer)]);
    expect(answers.map((answer) => dataOf(answer).replayDeadLetter)).toEqual(Array(3).fill({ deadLetter: null, userErrors: [{ code: 'NOT_FOUND', path: ['input', 'id'] }] }));
    expect(await retryAt()).toEqual(before);
  });

  it('refuses strangers, members, and keys without the scope', async () => {
    const { id } = (await list()).nodes[0];
    const viewers = [anonymous, stranger().viewer, (await newMember(kit, mine!, 'MEMBER')).viewer, key(['tenants:read'])];
    expect(await Promise.all(viewers.map(async (viewer) => codeOf(await replay(id, viewer))))).toEqual(['UNAUTHENTICATED', 'TENANT_REQUIRED', 'FORBIDDEN', 'FORBIDDEN']);
    done(await replay(id, key(['tenants:admin'])));
  });
});
