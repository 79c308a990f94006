import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId } from '../../platform/ids.ts';
import { keyViewer, userViewer } from '../../platform/viewer.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newKey, newMember, newTenant, within, type Person, type TestTenant } from '../../test/kit/tenants.ts';

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
  kit = await startServices(['users', 'tenants']);
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
