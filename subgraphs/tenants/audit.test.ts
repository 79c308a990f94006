import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startAtlas } from '../../atlas.ts';
import { readSettings } from '../../platform/config.ts';
import { databaseOpener } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import { secretFrom } from '../../platform/secret.ts';
import { keyViewer } from '../../platform/viewer.ts';
import { deskOver } from '../../platform/work.ts';
import { tellMany } from '../../test/kit/audit-trail.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { newPerson } from '../../test/kit/people.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newKey, newMember, newTenant, within, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { verifyTrail } from './application/verify-trail.ts';
import { migrations } from './infrastructure/migrations/index.ts';
import { portsOver, tables } from './infrastructure/postgres-ports.ts';
import { secretSeals } from './infrastructure/secret-seals.ts';

const SECRET = 'a secret of this installation alone';
const EVENTS = `query($filter: AuditFilter, $first: Int, $after: String) { tenant { auditEvents(filter: $filter, first: $first, after: $after) {
  nodes { id at actor { kind id user { id } apiKey { id name } } action entityType entityId before after requestId hash } pageInfo { hasNextPage endCursor } } } }`;
const TRAIL = '{ tenant { auditTrail { verified count checked head firstBroken } } }';
const SET = 'mutation($input: SetFeatureInput!) { setFeature(input: $input) { userErrors { code } } }';

interface Seen { id: string; at: string; actor: { kind: string; id: string; user: { id: string } | null; apiKey: { id: string } | null }; action: string; entityType: string; entityId: string; before: unknown; after: unknown; requestId: string; hash: string }

let kit: Kit;
let owner: pg.Client;
let [mine, theirs]: TestTenant[] = [];
let guest: Person, member: Person, admin: Person;
const events = async (by: Person, variables: object = {}): Promise<Seen[]> =>
  dataOf(await kit.ask('tenants', EVENTS, { first: 100, ...variables }, by.viewer)).tenant.auditEvents.nodes;
const trail = async (by: Person) => dataOf(await kit.ask('tenants', TRAIL, {}, by.viewer)).tenant.auditTrail;
/** The trail of a tenant, once it holds all that was told in it. */
const settled = (tenant: TestTenant) => eventually('the trail holds everything', async () => {
  const told = kit.events.filter(({ tenant: of }) => of === tenant.id).length;
  return told > 0 && (await trail(tenant.owner)).count === told;
});

beforeAll(async () => {
  kit = await startServices(['users', 'tenants'], { env: { ATLAS_SECRET: SECRET } });
  owner = new pg.Client({ connectionString: kit.database.ownerUrl });
  await owner.connect();
  [mine, theirs] = [await newTenant(kit, { name: 'Mine' }), await newTenant(kit, { name: 'Theirs' })];
  [guest, member, admin] = [await newMember(kit, mine, 'GUEST'), await newMember(kit, mine, 'MEMBER'), await newMember(kit, mine, 'ADMIN')];
  for (const tenant of [mine, theirs]) for (const enabled of [true, false, true]) done(await kit.ask('tenants', SET, { input: { name: 'beta', enabled } }, tenant.owner.viewer));
  await settled(mine);
  await settled(theirs);
});
afterAll(async () => {
  await owner?.end();
  await kit?.stop();
});

describe('the audit trail', () => {
  it('says who did what to what, from what to what, in which request', async () => {
    done(await kit.ask('tenants', SET, { input: { name: 'dark', enabled: true } }, admin.viewer, { requestId: 'req_audit' }));
    const [newest] = await eventually('it stands in the trail', async () => {
      const found = await events(mine!.owner, { first: 1 });
      return found[0]?.requestId === 'req_audit' && found;
    });
    expect(newest).toMatchObject({
      action: 'tenants.feature-set', entityType: 'Tenant', entityId: mine!.id, requestId: 'req_audit', before: { features: ['beta'] }, after: { features: ['beta', 'dark'] },
      actor: { kind: 'USER', id: admin.userId, user: { id: admin.userId }, apiKey: null },
    });
  });

  it('begins with the tenant, and has every event of it once, the newest first', async () => {
    await settled(mine!);
    const seen = await events(mine!.owner);
    const told = kit.events.filter(({ tenant }) => tenant === mine!.id);
    expect(seen.map(({ id }) => id).sort()).toEqual(told.map(({ id }) => id).sort());
    expect(seen.at(-1)).toMatchObject({ action: expect.stringMatching(/tenant-created|member-joined/) });
    expect(seen.map(({ at }) => Number(at))).toEqual(seen.map(({ at }) => Number(at)).sort((a, b) => b - a));
    expect(await trail(mine!.owner)).toEqual({ verified: true, count: told.length, checked: told.length, head: expect.stringMatching(/^[0-9a-f]{64}$/), firstBroken: null });
  });
});

describe('whoever looks for something', () => {
  it('finds it by what it was about, by whom, what it was and when, a page at a time', async () => {
    const all = await events(mine!.owner);
    const of = async (filter: object) => (await events(mine!.owner, { filter })).map(({ id }) => id);
    const ids = (keep: (event: Seen) => boolean) => all.filter(keep).map(({ id }) => id);
    expect(await of({ action: 'tenants.feature-set' })).toEqual(ids(({ action }) => action === 'tenants.feature-set'));
    expect(await of({ entityType: 'Member', entityId: guest.userId })).toEqual(ids(({ entityId }) => entityId === guest.userId));
    expect(await of({ actorId: admin.userId })).toEqual(ids(({ actor }) => actor.id === admin.userId));
    const middle = all[4]!.at;
    expect(await of({ from: middle })).toEqual(ids(({ at }) => at >= middle));
    expect(await of({ to: middle, entityType: 'Tenant' })).toEqual(ids(({ at, entityType }) => at < middle && entityType === 'Tenant'));
    expect(await of({ action: 'nothing.happened' })).toEqual([]);

    const pages: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { nodes, pageInfo }: { nodes: Seen[]; pageInfo: { endCursor: string | null; hasNextPage: boolean } } = dataOf(await kit.ask('tenants', EVENTS, { first: 3, after }, mine!.owner.viewer)).tenant.auditEvents;
      pages.push(...nodes.map(({ id }) => id));
      [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
    }
    expect(pages).toEqual(all.map(({ id }) => id));
  });

  it('is refused as a guest, a member, a key without the scope and a key of another tenant', async () => {
    for (const by of [guest, member]) for (const ask of [EVENTS, TRAIL]) expect(codeOf(await kit.ask('tenants', ask, {}, by.viewer))).toBe('FORBIDDEN');
    const key = (scopes: string[], tenantId = mine!.id) => keyViewer({ keyId: newId('key'), tenantId, role: 'ADMIN', scopes, collectionIds: null, sandbox: false });
    expect(codeOf(await kit.ask('tenants', TRAIL, {}, key(['tenants:admin'])))).toBe('FORBIDDEN');
    expect(dataOf(await kit.ask('tenants', TRAIL, {}, key(['audit:read']))).tenant.auditTrail.verified).toBe(true);
    expect(codeOf(await kit.ask('tenants', EVENTS, { first: 101 }, mine!.owner.viewer))).toBe('PAGE_SIZE');
  });

  it('is refused to a key that is held to collections: it says what the others say too', async () => {
    const held = keyViewer({ keyId: newId('key'), tenantId: mine!.id, role: 'ADMIN', scopes: ['audit:read'], collectionIds: [newId('col')], sandbox: false });
    expect(codeOf(await kit.ask('tenants', EVENTS, {}, held))).toBe('FORBIDDEN');
    const [event] = await events(mine!.owner);
    const asked = 'query($of: [_Any!]!) { _entities(representations: $of) { ... on AuditEvent { id } } }';
    expect(dataOf(await kit.ask('tenants', asked, { of: [{ __typename: 'AuditEvent', nodeId: event!.id }] }, held))._entities).toEqual([null]);
  });

  it("finds nothing of another tenant's by any filter, cursor or id", async () => {
    const [foreign, own] = [await events(theirs!.owner), new Set((await events(mine!.owner)).map(({ id }) => id))];
    for (const { entityId, entityType, actor, action, at } of foreign) {
      for (const filter of [{ entityId }, { actorId: actor.id }, { action, from: at }, { entityType, entityId }]) {
        for (const { id } of await events(mine!.owner, { filter })) expect(own.has(id)).toBe(true);
      }
    }
    const { pageInfo } = dataOf(await kit.ask('tenants', EVENTS, { first: 1 }, theirs!.owner.viewer)).tenant.auditEvents;
    expect(codeOf(await kit.ask('tenants', EVENTS, { after: pageInfo.endCursor }, mine!.owner.viewer))).toBe('CURSOR_INVALID');
    const entities = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on AuditEvent { id } } }';
    const ask = async (by: Person, key: object) => dataOf(await kit.ask('tenants', entities, { representations: [{ __typename: 'AuditEvent', ...key }] }, by.viewer))._entities[0];
    for (const key of ['id', 'nodeId']) {
      expect(await ask(theirs!.owner, { [key]: foreign[0]!.id })).toEqual({ id: foreign[0]!.id });
      for (const by of [mine!.owner, guest, member, within(guest, theirs!, 'OWNER')]) expect(await ask(by, { [key]: foreign[0]!.id })).toBeNull();
    }
  });

  it('sees the key that did something', async () => {
    const { id } = await newKey(kit, mine!.owner, { scopes: ['tenants:admin'] });
    const viewer = keyViewer({ keyId: id as never, tenantId: mine!.id, role: 'OWNER', scopes: ['tenants:admin'], collectionIds: null, sandbox: false });
    done(await kit.ask('tenants', SET, { input: { name: 'by-key', enabled: true } }, viewer));
    const [event] = await eventually('it stands in the trail', async () => { const found = await events(mine!.owner, { filter: { actorId: id } }); return found.length > 0 && found; });
    expect(event!.actor).toEqual({ kind: 'KEY', id, user: null, apiKey: { id, name: 'robot' } });
  });
});

describe('the chain', () => {
  it('holds an event once, however often it is delivered', async () => {
    await settled(mine!);
    const { count } = await trail(mine!.owner);
    const [{ c }] = (await owner.query(`SELECT count(*)::int AS c FROM bus.cursor WHERE group_name = 'tenants:audit'`)).rows;
    expect(c).toBeGreaterThan(0);
    // As the inbox would be after its rows were forgotten.
    await owner.query(`DELETE FROM tenants.inbox WHERE consumer = 'audit'`);
    await kit.atlas.bus.rewind('tenants:audit', 'start');
    done(await kit.ask('tenants', SET, { input: { name: 'after', enabled: true } }, mine!.owner.viewer));
    await eventually('what came after stands in the trail', async () => (await events(mine!.owner, { first: 1 }))[0]?.after && (await trail(mine!.owner)).count === count + 1);
    await eventually('everything was delivered again', async () => (await kit.atlas.bus.lag()).every(({ group, waiting }) => group !== 'tenants:audit' || waiting === 0));
    expect(await trail(mine!.owner)).toMatchObject({ verified: true, count: count + 1 });
  });

  it('stays one when two processes add to it at once', async () => {
    const settings = readSettings({ DATABASE_URL: kit.database.url, DATABASE_OWNER_URL: kit.database.ownerUrl, ATLAS_SECRET: SECRET, TENANTS_PORT: '0', USERS_PORT: '0' });
    const second = await startAtlas({ names: ['users', 'tenants'], settings, log: openLog({ level: 'silent', pretty: false }), listen: false });
    const tenant = await newTenant(kit);
    await eventually('each process has lanes of its own', async () => (await owner.query(`SELECT count(DISTINCT owner)::int AS c FROM bus.cursor WHERE group_name = 'tenants:audit'`)).rows[0].c === 2);
    await tellMany(kit, tenant.id, 300);
    await eventually('all of it stands in the trail', async () => (await trail(tenant.owner)).count === 302);
    expect(await trail(tenant.owner)).toMatchObject({ verified: true, checked: 302 });
    await second.stop();
  });

  it('that is long is looked at from the last mark on, and comes to its end by and by', async () => {
    const tenant = await newTenant(kit);
    await tellMany(kit, tenant.id, 98);
    await eventually('all of it stands in the trail', async () => (await trail(tenant.owner)).count === 100);
    const opened = await databaseOpener({ url: kit.database.url, ownerUrl: kit.database.ownerUrl, poolMax: 2, statementMs: 10_000, log: openLog({ level: 'silent', pretty: false }) })({ service: 'tenants', tables, migrations });
    const verify = verifyTrail({ ...deskOver(opened, { ports: portsOver }), seals: secretSeals(secretFrom(SECRET)), atOnceMax: 40 });
    expect(await verify.some(tenant.id)).toMatchObject({ verified: false, fault: null, checked: 40 });
    expect(await verify.some(tenant.id)).toMatchObject({ verified: false, fault: null, checked: 40 });
    expect(await verify.some(tenant.id)).toMatchObject({ verified: true, fault: null, checked: 20, count: 100 });
    const { head } = await verify.whole(tenant.id);
    expect(await verify.whole(tenant.id, head!)).toMatchObject({ verified: true, checked: 100 });
    expect(await verify.whole(tenant.id, { seq: 50, hash: head!.hash })).toMatchObject({ verified: false, fault: { why: expect.stringContaining('noted') } });
    expect(await verify.whole(tenant.id, { ...head!, seq: 101 })).toMatchObject({ verified: false, fault: { why: expect.stringContaining('noted') } });
    await opened.close();
  });
});

describe('what has no tenant', () => {
  it('stands in the chain of the system: who registered, and who could not sign in', async () => {
    const person = await newPerson(kit);
    await kit.ask('users', `mutation { login(input: { email: "${person.email}", password: "not the password" }) { userErrors { code } } }`);
    await kit.eventsOf('users.sign-in-failed');
    const findings = await eventually('both stand there', async () => {
      const [system] = await all(kit.atlas.services.get('tenants')!.audit!('system'));
      return system!.count >= 3 && system;
    });
    expect(findings).toMatchObject({ trail: 'system', why: null });
    await owner.query('ALTER TABLE tenants.audit_event NO FORCE ROW LEVEL SECURITY');
    const { rows } = await owner.query(`SELECT DISTINCT action FROM tenants.audit_event WHERE tenant_id = 'system'`);
    await owner.query('ALTER TABLE tenants.audit_event FORCE ROW LEVEL SECURITY');
    expect(rows.map(({ action }) => action)).toEqual(expect.arrayContaining(['users.user-registered', 'users.sign-in-failed']));
    expect(await events(mine!.owner, { filter: { action: 'users.user-registered' } })).toEqual([]);
  });

  it('is verified by whoever runs Atlas, with every other trail, by slug, id or all', async () => {
    const audit = kit.atlas.services.get('tenants')!.audit!;
    const findings = await all(audit(null));
    expect(findings.length).toBeGreaterThanOrEqual(3);
    expect(findings.filter(({ why }) => why !== null)).toEqual([]);
    const [bySlug] = await all(audit(mine!.slug));
    expect(bySlug).toMatchObject({ trail: mine!.id, name: mine!.slug, noted: expect.stringMatching(/^\d+:[0-9a-f]{64}$/) });
    expect((await all(audit(mine!.id)))[0]).toEqual(bySlug);
    await expect(all(audit('nobodys'))).rejects.toThrow('There is no audit trail of nobodys');
  });
});

async function all<Each>(some: AsyncIterable<Each>): Promise<Each[]> {
  const found: Each[] = [];
  for await (const each of some) found.push(each);
  return found;
}
