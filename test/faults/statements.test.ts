/**
 * R6: of every change, each statement in turn fails, hangs or loses its connection. Then nothing of the change is there
 * and nobody was told, the answer has a code, no transaction stays open; and the same key does it after all, once.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { SUBGRAPHS, type SubgraphName } from '../../platform/names.ts';
import { anonymous, userViewer, type Viewer } from '../../platform/viewer.ts';
import { newCollection, newItem } from '../kit/collections.ts';
import { eventually } from '../kit/eventually.ts';
import { startServices, type Kit } from '../kit/services.ts';
import { codeOf, done, newTenant, type Person, type TestTenant } from '../kit/tenants.ts';

const WAYS = ['fails', 'hangs', 'loses its connection'] as const;
type Way = (typeof WAYS)[number];
/** What counts attempts lets nobody in while it cannot count, and says so in one way. */
const CODES: Record<Way, readonly string[]> = { fails: ['INTERNAL', 'SUBGRAPH_UNAVAILABLE'], hangs: ['DEADLINE_EXCEEDED', 'SUBGRAPH_UNAVAILABLE'], 'loses its connection': ['SUBGRAPH_UNAVAILABLE'] };
/** Ended by the time limit of statements, which here is not worth waiting for. */
const HANGS = 'SET LOCAL statement_timeout = 30; SELECT pg_sleep(600)';
/** Billing answers the beginning of a tenant with changes of its own, some time later: they would be taken for this one's. */
const SERVICES = SUBGRAPHS.filter((name) => name !== 'billing');
/** More statements than any change has: a loop that passes it never came to its end. */
const STATEMENTS_MAX = 60;
/** Written by others in their own time, or by what is no part of the change. */
const ASIDE = ['outbox', 'inbox', 'idempotency', 'attempt', 'one_time_token', 'audit_event', 'audit_head', 'audit_mark', 'webhook_lane', 'webhook_delivery'];

/** The statement of a change that is struck; how many of its statements have been seen. */
interface Strike { at: number; way: Way; seen: number }
const struck = new AsyncLocalStorage<Strike>();
const query = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown;

/** Real faults: what the server then says is its own, and so is what it does with the transaction. */
function strike(this: pg.Client & { connection: { stream: { destroy(): void } } }, statement: unknown, ...rest: unknown[]): unknown {
  const now = struck.getStore();
  if (!now || (now.seen += 1) !== now.at) return query.call(this, statement, ...rest);
  if (now.way === 'loses its connection') this.connection.stream.destroy();
  if (now.way === 'loses its connection') return query.call(this, statement, ...rest);
  const fault = now.way === 'fails' ? 'SELECT 1 / 0' : HANGS;
  const { text = '' } = typeof statement === 'string' ? { text: statement } : statement as { text?: string };
  // A server that cannot commit has ended the transaction when it says so.
  const instead = text.startsWith('COMMIT') ? `ROLLBACK; ${fault}` : fault;
  return query.call(this, typeof statement === 'string' ? instead : { ...statement as object, name: undefined, text: instead, values: undefined }, ...rest);
}

let kit: Kit;
let sql: pg.Client;
beforeAll(async () => {
  jest.spyOn(console, 'log').mockImplementation(() => undefined); // knex says there that a connection was lost
  kit = await startServices(SERVICES, { env: { WEBHOOKS_PRIVATE: 'on' } });
  sql = new pg.Client({ connectionString: kit.database.url });
  await sql.connect();
  pg.Client.prototype.query = strike as never;
});
afterAll(async () => {
  pg.Client.prototype.query = query as never;
  await sql?.end();
  await kit?.stop();
});

interface Stage { viewer: Viewer; input: object; as: { tenantId: string; userId: string } }
/** The tenant is one for all statements that are struck in one way: what is done in the end each time is another thing in it. */
interface Change { name: string; service: SubgraphName; tells?: number; stage(tenant: TestTenant): Promise<Stage> }

const run = (name: string): string => `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { userErrors { code message } } }`;
const some = () => randomUUID().slice(0, 8);
/** `alone`: in a tenant of its own each time, because it can be done there only once or so many times, or is followed by what changes the tenant (a letter). */
const inTenant = (name: string, inputOf: (tenant: TestTenant) => object | Promise<object>, alone = false): Change => ({
  name, service: 'tenants',
  stage: async (given) => {
    const tenant = alone ? await newTenant(kit) : given;
    return { viewer: tenant.owner.viewer, as: { tenantId: tenant.id, userId: tenant.owner.userId }, input: await inputOf(tenant) };
  },
});
const inCollection = (name: string, inputOf: (owner: Person, collectionId: string) => object | Promise<object>, tells = 1): Change => ({
  name, service: 'collections', tells,
  stage: async ({ owner, id }) => ({ viewer: owner.viewer, as: { tenantId: id, userId: owner.userId }, input: await inputOf(owner, await newCollection(kit, owner)) }),
});
const deleted = async (owner: Person, id: string): Promise<{ id: string }> => {
  done(await kit.ask('collections', run('deleteItem'), { input: { id } }, owner.viewer));
  return { id };
};
const made = async ({ owner }: TestTenant, name: string, input: object, field: string): Promise<{ id: string }> => {
  const payload = done(await kit.ask('tenants', `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${field} { id } userErrors { code message } } }`, { input }, owner.viewer));
  return { id: payload[field].id };
};
const KEY = { name: 'robot', scopes: ['collections:read'] };
const WEBHOOK = { url: 'https://127.0.0.1:1/', eventTypes: ['nothing.happens'] };
const NEWCOMER = () => ({ email: `${some()}@example.com`, name: 'Ann', password: 'a long enough pass phrase' });

/** Those that the quick run leaves to `npm run test:full statements`: each goes the way of another. */
const LIKE_OTHERS = ['setFeature', 'rotateApiKey', 'revokeApiKey', 'deleteWebhook', 'deleteItem', 'restoreItem', 'updateProfile'];
const ALL: Change[] = [
  inTenant('updateTenant', () => ({ name: `Name ${some()}` })),
  inTenant('setFeature', () => ({ name: 'beta', enabled: true }), true),
  inTenant('inviteMember', () => ({ email: `${some()}@example.com`, role: 'MEMBER' }), true),
  inTenant('createApiKey', () => KEY),
  inTenant('rotateApiKey', (tenant) => made(tenant, 'createApiKey', KEY, 'apiKey')),
  inTenant('revokeApiKey', (tenant) => made(tenant, 'createApiKey', KEY, 'apiKey')),
  inTenant('createWebhook', () => WEBHOOK, true),
  inTenant('deleteWebhook', (tenant) => made(tenant, 'createWebhook', WEBHOOK, 'webhook'), true),
  { name: 'createTenant', service: 'tenants', tells: 2, stage: async ({ owner, id }) => ({ viewer: owner.viewer, as: { tenantId: id, userId: owner.userId }, input: { name: 'Another', slug: `another-${some()}` } }) },
  inCollection('createCollection', () => ({ name: `Notes ${some()}` }), 2),
  inCollection('shareCollection', ({ userId }, collectionId) => ({ collectionId, userId, role: 'EDITOR' })),
  inCollection('createItem', (_, collectionId) => ({ collectionId, title: `A note ${some()}`, body: 'What it says', tags: ['one', 'two'] })),
  inCollection('updateItem', async (owner, collectionId) => ({ id: await newItem(kit, owner, collectionId), expectedVersion: 1, title: `Another ${some()}`, tags: ['two', 'three'] })),
  inCollection('deleteItem', async (owner, collectionId) => ({ id: await newItem(kit, owner, collectionId) })),
  inCollection('restoreItem', async (owner, collectionId) => deleted(owner, await newItem(kit, owner, collectionId))),
  { name: 'register', service: 'users', tells: 2, stage: async () => ({ viewer: anonymous, as: { tenantId: '', userId: '' }, input: NEWCOMER() }) },
  { name: 'updateProfile', service: 'users', stage: async () => {
    const { user } = done(await kit.ask('users', 'mutation($input: RegisterInput!) { register(input: $input) { user { id } userErrors { code } } }', { input: NEWCOMER() }, anonymous, { address: address() }));
    return { viewer: userViewer({ userId: user.id, sessionId: null, tenantId: null, role: null }), as: { tenantId: '', userId: user.id }, input: { name: `Ann ${some()}` } };
  } },
];
const CHANGES = ALL.filter(({ name }) => process.env.STATEMENTS === 'all' || !LIKE_OTHERS.includes(name));

/** Another each time: how often one may register is bounded. */
const address = () => `10.${[0, 0, 0].map(() => Math.floor(Math.random() * 250)).join('.')}`;

async function rowsAs<Row extends object>(service: SubgraphName, { tenantId, userId }: Stage['as'], text: string, values: unknown[] = []): Promise<Row[]> {
  await sql.query(`BEGIN; SET LOCAL ROLE atlas_${service}; SET LOCAL app.tenant_id = '${tenantId}'; SET LOCAL app.user_id = '${userId}'; SET LOCAL app.access = 'all'`);
  const { rows } = await sql.query<Row>(text, values);
  await sql.query('COMMIT');
  return rows;
}

/** Everything that the service's role can see of this tenant and person, and how many events were told in all. */
async function standing(service: SubgraphName, as: Stage['as']): Promise<{ rows: string; told: number }> {
  const tables = await rowsAs<{ name: string }>(service, as,
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r' AND has_table_privilege(oid, 'SELECT') AND NOT relname = ANY ($2) ORDER BY 1`, [service, ASIDE]);
  const rows = await rowsAs(service, as, tables.map(({ name }) => `SELECT '${name}' || string_agg(t::text, E'\\n' ORDER BY t::text) AS text FROM ${name} t`).join(' UNION ALL '));
  await sql.query('BEGIN; SET LOCAL ROLE atlas_relay');
  const { rows: [count] } = await sql.query<{ told: string }>(`SELECT ${SERVICES.map((name) => `(SELECT count(*) FROM ${name}.outbox)`).join(' + ')} + (SELECT count(*) FROM bus.event_log) AS told`);
  await sql.query('COMMIT');
  return { rows: JSON.stringify(rows), told: Number(count!.told) };
}

const openTransactions = async (): Promise<number> => Number((await sql.query<{ n: string }>(
  `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = ANY ($1) AND state LIKE 'idle in transaction%'`, [SUBGRAPHS.map((name) => `atlas:${name}`)])).rows[0]!.n);

/** One change with one statement struck, and then the same once more without; false when it has no such statement. */
async function tryWith({ name, service, stage, tells = 1 }: Change, tenant: TestTenant, way: Way, at: number): Promise<boolean> {
  const { viewer, input, as } = await stage(tenant);
  const request = { idempotencyKey: randomUUID(), address: address() };
  const ask = () => kit.ask(service, run(name), { input }, viewer, request);
  const before = await standing(service, as);
  const now: Strike = { at, way, seen: 0 };
  const code = codeOf(await struck.run(now, ask));
  now.at = 0; // whatever it left running is let be
  const reached = now.seen >= at;
  const where = `${name}, statement ${at} ${way}`;
  const after = await standing(service, as);
  if (code !== undefined) {
    expect([where, reached, CODES[way].includes(code) || code]).toEqual([where, true, true]);
    expect([where, after]).toEqual([where, before]);
    expect([where, codeOf(await ask())]).toEqual([where, undefined]);
  }
  const end = await standing(service, as);
  expect([where, end.told]).toEqual([where, before.told + tells]);
  expect([where, end.rows === before.rows]).toEqual([where, false]);
  await eventually(`no transaction to stay open: ${where}`, async () => await openTransactions() === 0);
  return reached;
}

describe.each(CHANGES)('$name, whose every statement in turn', (change) => {
  it.each(WAYS)('%s, is done wholly or not at all', async (way) => {
    const tenant = await newTenant(kit);
    let at = 1;
    while (await tryWith(change, tenant, way, at)) {
      at += 1;
      expect(at).toBeLessThan(STATEMENTS_MAX);
    }
    expect(at).toBeGreaterThan(5); // the lease, the change, what is told, the result
  });
});
