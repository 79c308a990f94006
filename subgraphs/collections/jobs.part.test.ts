/** Jobs as a tenant sees them: who sees which, how they are followed, cancelled and tried again. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId, type TenantId } from '../../platform/ids.ts';
import { defineJob, perform } from '../../platform/jobs/jobs.ts';
import { jobRights } from '../../platform/jobs/tables.ts';
import { anonymous, keyViewer } from '../../platform/viewer.ts';
import { keyOf, newCollection, SHARE } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { followed } from '../../test/kit/followed.ts';
import { ROWS, underWay } from '../../test/kit/held-import.ts';
import { ended, IMPORT, imported, JOB } from '../../test/kit/jobs.ts';
import { WHOLE, type Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

const CANCEL = 'mutation($input: CancelJobInput!) { cancelJob(input: $input) { job { id state error { code } } userErrors { code path } } }';
const RETRY = 'mutation($input: RetryJobInput!) { retryJob(input: $input) { job { id state attempts error { code } } userErrors { code path } } }';
const UNSHARE = 'mutation($input: UnshareCollectionInput!) { unshareCollection(input: $input) { collection { id } userErrors { code } } }';
const LIST = 'query($filter: JobFilter, $first: Int, $after: String) { jobs(filter: $filter, first: $first, after: $after) { nodes { id kind state result } pageInfo { hasNextPage endCursor } } }';
const NODE = 'query($of: [_Any!]!) { _entities(representations: $of) { ... on Job { id } } }';
const PROGRESS = 'subscription($id: ID!) { jobProgress(id: $id) { id state progress note } }';

let kit: Kit;
let [acme, other]: TestTenant[] = [];
let [member, colleague]: Person[] = [];
beforeAll(async () => {
  kit = await startTogether(WHOLE);
  [acme, other] = [await newTenant(kit), await newTenant(kit)];
  [member, colleague] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER')];
});
afterAll(() => kit?.stop());

const ask = (person: Person, document: string, variables: object) => kit.ask('collections', document, variables as Record<string, unknown>, person.viewer);
const see = async (person: Person, id: string) => dataOf(await ask(person, JOB, { id })).job;
const one = async (by: Person): Promise<string> => (await imported(kit, by, { collectionId: await newCollection(kit, by), content: '{"title":"A"}' })).id;
/** Those that this suite starts: what was imported is looked at by other services, in jobs of theirs. */
const OURS = { filter: { kinds: ['collections.import-items', 'collections.export-collection'] } };
const counted = async (collectionId: string): Promise<number> => dataOf(await ask(acme!.owner, 'query($id: ID!) { collection(id: $id) { itemCount } }', { id: collectionId })).collection.itemCount;

describe('a job', () => {
  it('is seen by who started it and who administers the tenant; to others it is not there', async () => {
    const id = await one(member!);
    for (const who of [member!, acme!.owner]) {
      const { kind, result } = await see(who, id);
      expect(await see(who, id)).toMatchObject({ id, state: 'SUCCEEDED', startedBy: { id: member!.userId }, isCancelling: false, result: { imported: 1 } });
      expect(dataOf(await ask(who, LIST, { first: 1, ...OURS })).jobs.nodes).toEqual([{ id, kind, state: 'SUCCEEDED', result }]);
    }
    for (const who of [colleague!, other!.owner]) {
      expect(await see(who, id)).toBeNull();
      expect(dataOf(await ask(who, NODE, { of: [{ __typename: 'Job', nodeId: id }] }))._entities).toEqual([null]);
      for (const document of [CANCEL, RETRY]) expect(await ask(who, document, { input: { id } })).toEqual(await ask(who, document, { input: { id: newId('job') } }));
      expect(await followed(kit, who.viewer, PROGRESS, { id })).toMatchObject([{ errors: [{ extensions: { code: 'NOT_FOUND' } }] }]);
    }
    expect(dataOf(await ask(member!, NODE, { of: [{ __typename: 'Job', nodeId: id }] }))._entities).toEqual([{ id }]);
    expect(await see(member!, "job_'")).toBeNull();
    expect(codeOf(await kit.ask('collections', JOB, { id }, anonymous))).toBe('UNAUTHENTICATED');
  });
  it('is seen by the key that started it, and of the others’ by one that administers', async () => {
    const id = await one(member!);
    const key = (scopes: string[]) => ({ ...member!, viewer: keyViewer({ keyId: newId('key'), tenantId: acme!.id, createdBy: acme!.owner.userId, role: 'OWNER', scopes, collectionIds: null, sandbox: false }) });
    expect(await see(key(['collections:read']), id)).toBeNull();
    expect(await see(key(['collections:read', 'tenants:admin']), id)).toMatchObject({ id });
  });
  it('is not there for a key that is held to collections, whatever its scopes, unless it started it: not to see, list, follow, cancel or try again', async () => {
    const collectionId = await newCollection(kit, acme!.owner);
    const { job } = done(await ask(acme!.owner, IMPORT, { input: { collectionId, format: 'CSV', policy: 'REJECT_ROWS', content: 'name\nNobody reads this' } }));
    await ended(kit, acme!.owner, job.id);
    const key = keyOf(acme!, acme!.owner, 'OWNER', ['collections:read', 'tenants:admin'], [newId('col')]);
    expect(await see(key, job.id)).toBeNull();
    expect(dataOf(await ask(key, LIST, {})).jobs.nodes).toEqual([]);
    expect(await followed(kit, key.viewer, PROGRESS, { id: job.id })).toMatchObject([{ errors: [{ extensions: { code: 'NOT_FOUND' } }] }]);
    for (const document of [CANCEL, RETRY]) expect(await ask(key, document, { input: { id: job.id } })).toEqual(await ask(key, document, { input: { id: newId('job') } }));
  });
});

describe('jobs', () => {
  it('lists the own ones, all to who administers, the newest first, page by page, by kind and state', async () => {
    const tenant = await newTenant(kit);
    const somebody = await newMember(kit, tenant, 'MEMBER');
    const [a, b, c] = [await one(somebody), await one(tenant.owner), await one(somebody)];
    const list = async (who: Person, given: object = {}) => dataOf(await ask(who, LIST, { ...OURS, ...given })).jobs;
    const ids = async (who: Person, given: object = {}) => (await list(who, given)).nodes.map(({ id }: { id: string }) => id);
    expect(await ids(somebody, { filter: null })).toEqual([c, a]);
    expect(await ids(tenant.owner)).toEqual([c, b, a]);
    const first = await list(tenant.owner, { first: 2 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(await ids(tenant.owner, { first: 2, after: first.pageInfo.endCursor })).toEqual([a]);
    expect(await ids(tenant.owner, { filter: { kinds: ['collections.export-collection'] } })).toEqual([]);
    expect(await ids(tenant.owner, { filter: { kinds: ['collections.import-items'], states: ['SUCCEEDED'] } })).toEqual([c, b, a]);
    expect(await ids(tenant.owner, { filter: { ...OURS.filter, states: ['QUEUED', 'RUNNING', 'FAILED'] } })).toEqual([]);
    expect(codeOf(await ask(other!.owner, LIST, { after: first.pageInfo.endCursor }))).toBe('CURSOR_INVALID');
    expect(codeOf(await ask(tenant.owner, LIST, { first: 101 }))).toBe('PAGE_SIZE');
  });
  it('shows those of other services too, and lets who administers try them again', async () => {
    const kind = defineJob<object, { n: number }>('users.count-things', { attemptsMax: 1 });
    const users = kit.atlas.host.resourcesFor('users');
    users.jobs.handle([perform(kind, async ({ attempt }) => { if (attempt > 0) throw new Error('Never.'); return { n: 1 }; })]);
    const id = await startOutside(acme!.id, kind.name);
    expect(await ended(kit, acme!.owner, id)).toMatchObject({ kind: 'users.count-things', state: 'FAILED', error: { code: 'INTERNAL' }, startedBy: null });
    expect(done(await ask(acme!.owner, RETRY, { input: { id } })).job).toMatchObject({ id, state: 'QUEUED' });
    expect(await see(member!, id)).toBeNull();
  });
});

/** Asked for by another service in its own name, which has a migration that lets it. */
async function startOutside(tenantId: TenantId, kind: string): Promise<string> {
  const id = newId('job');
  await statements(kit.database.ownerUrl, [[jobRights('users'), []]]);
  await statements(kit.database.url, [
    [`BEGIN; SET LOCAL ROLE atlas_users; SET LOCAL app.tenant_id = '${tenantId}'`, []],
    [`INSERT INTO jobs.job (id, tenant_id, kind, input, attempts_max, starter_kind, starter_id) VALUES ($1, $2, $3, '{}', 1, 'system', 'system:users')`, [id, tenantId, kind]],
    ['COMMIT', []],
  ]);
  return id;
}
async function statements(connectionString: string, all: readonly (readonly [string, unknown[]])[]): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    for (const [sql, values] of all) await (values.length > 0 ? client.query(sql, values) : client.query(sql));
  } finally {
    await client.end();
  }
}

describe('jobProgress', () => {
  it('shows a job as it is, each change of it, and ends when it has ended', async () => {
    let following: ReturnType<typeof followed> | undefined;
    const id = await underWay(kit, member!, await newCollection(kit, member!), async (job) => { following = followed(kit, member!.viewer, PROGRESS, { id: job }); });
    const seen = (await following!).map(({ data }) => data!.jobProgress as { state: string; progress: number; note: string });
    expect(seen.at(-1)).toMatchObject({ state: 'SUCCEEDED', progress: 1 });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.map(({ progress }) => progress)).toEqual(seen.map(({ progress }) => progress).sort((a, b) => a - b));
    expect(await followed(kit, member!.viewer, PROGRESS, { id })).toEqual([{ data: { jobProgress: { id, ...seen.at(-1) } } }]);
  });
});

describe('cancelJob', () => {
  it('stops an import between batches; what is in stays, the note says how much, and retryJob brings the rest, each row once', async () => {
    const collectionId = await newCollection(kit, member!);
    const id = await underWay(kit, member!, collectionId, async (job) => done(await ask(member!, CANCEL, { input: { id: job } })));
    const job = await ended(kit, member!, id);
    expect(job).toMatchObject({ state: 'FAILED', error: { code: 'CANCELLED' }, result: null });
    const count = await counted(collectionId);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(ROWS);
    expect(job.note).toBe(`${count} imported, 0 refused`);
    expect(done(await ask(member!, CANCEL, { input: { id } })).job.id).toBe(id);

    done(await ask(member!, RETRY, { input: { id } }));
    expect(await ended(kit, member!, id)).toMatchObject({ state: 'SUCCEEDED', result: { imported: ROWS } });
    expect(await counted(collectionId)).toBe(ROWS);
    expect(codeOf(await ask(member!, CANCEL, { input: { id } }))).toBe('WRONG_STATE');
    expect(codeOf(await ask(member!, RETRY, { input: { id } }))).toBe('WRONG_STATE');
  }, 240_000);
});

describe('an import whose starter', () => {
  it('has lost the share stops with a reason, and what was in stays', async () => {
    const collectionId = await newCollection(kit, acme!.owner);
    done(await ask(acme!.owner, SHARE, { input: { collectionId, userId: member!.userId, role: 'EDITOR' } }));
    const id = await underWay(kit, member!, collectionId, async () => done(await ask(acme!.owner, SHARE, { input: { collectionId, userId: member!.userId, role: 'VIEWER' } })));
    const job = await ended(kit, member!, id);
    expect(job).toMatchObject({ state: 'FAILED', attempts: 1, error: { code: 'FORBIDDEN', message: 'This needs collection role EDITOR.' } });
    expect(job.note).toBe(`${await counted(collectionId)} imported, 0 refused`);
  });
  it.each([['changed', SHARE, { role: 'VIEWER' }, 'FORBIDDEN', 'This needs collection role EDITOR.'], ['taken', UNSHARE, {}, 'NOT_FOUND', 'The collection is not there any more, or not for whoever started this.']])(
    'has the share %s between the check and the rows of a batch is told so by the first attempt', async (_, mutation, more, code, message) => {
      const collectionId = await newCollection(kit, acme!.owner);
      done(await ask(acme!.owner, SHARE, { input: { collectionId, userId: member!.userId, role: 'EDITOR' } }));
      const owner = new pg.Client({ connectionString: kit.database.ownerUrl });
      await owner.connect();
      await owner.query('BEGIN; LOCK TABLE collections.item IN SHARE MODE'); // who inserts waits, with the check behind them
      const { job } = done(await ask(member!, IMPORT, { input: { collectionId, format: 'JSONL', policy: 'REJECT_ROWS', content: '{"title":"A"}' } }));
      await eventually('the batch to wait', async () => (await owner.query("SELECT FROM pg_locks WHERE NOT granted AND relation = 'collections.item'::regclass")).rowCount === 1);
      done(await ask(acme!.owner, mutation, { input: { collectionId, userId: member!.userId, ...more } }));
      await owner.query('COMMIT');
      await owner.end();
      expect(await ended(kit, member!, job.id)).toMatchObject({ state: 'FAILED', attempts: 1, error: { code, message } });
      expect(await counted(collectionId)).toBe(0);
    });
  it('was removed from the tenant stops too', async () => {
    const leaver = await newMember(kit, acme!, 'MEMBER');
    const id = await underWay(kit, leaver, await newCollection(kit, leaver), async () =>
      done(await kit.ask('tenants', 'mutation($input: RemoveMemberInput!) { removeMember(input: $input) { userErrors { code } } }', { input: { userId: leaver.userId } }, acme!.owner.viewer)));
    // Where the share went first, there is no collection for them any more.
    expect((await ended(kit, acme!.owner, id)).error.code).toMatch(/^(FORBIDDEN|NOT_FOUND)$/);
  });
});
