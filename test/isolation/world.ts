/** Two tenants with people of every role in them, a few of whom belong to both, over the whole of Atlas; and what is known of them. */
import { decodeJwt } from 'jose';
import pg from 'pg';
import { newId, type ApiKeyId, type CollectionId, type SessionId, type UserId } from '../../platform/ids.ts';
import { anonymous, keyViewer, userViewer, type Viewer } from '../../platform/viewer.ts';
import { newPerson, PASSWORD } from '../kit/people.ts';
import { randomFrom } from '../kit/random.ts';
import type { Kit } from '../kit/services.ts';
import { ACCEPT, done, INVITE, tokenIn, within } from '../kit/tenants.ts';
import { Canaries, type AskedState, type AttachmentState, type CollectionState, type ConversationState, type ItemState, type JobState, type KeyState, type PersonState, type Role, type SavedState, type TenantState, type UploadState } from './canaries.ts';
import { roleOf, scopesOf, type Principal } from './rights.ts';

const WHO: readonly (readonly [name: string, one: Role | null, other: Role | null])[] = [
  ['an admin', 'ADMIN', null], ['a member', 'MEMBER', null], ['a second member', 'MEMBER', null], ['a guest', 'GUEST', null],
  ['another admin', null, 'ADMIN'], ['another member', null, 'MEMBER'], ['another guest', null, 'GUEST'],
  ['a member who is a guest there', 'MEMBER', 'GUEST'], ['a guest who is an admin there', 'GUEST', 'ADMIN'], ['a stranger', null, null],
];

export class World {
  readonly canaries: Canaries;
  readonly random: () => number;
  readonly tenants: TenantState[] = [];
  readonly people: PersonState[] = [];
  readonly keys: KeyState[] = [];
  readonly collections: CollectionState[] = [];
  readonly items: ItemState[] = [];
  readonly uploads: UploadState[] = [];
  readonly attachments: AttachmentState[] = [];
  readonly jobs: JobState[] = [];
  readonly saved: SavedState[] = [];
  readonly conversations: ConversationState[] = [];
  readonly asked: AskedState[] = [];
  readonly evalSets: { id: string; tenant: TenantState }[] = [];
  readonly approvals: { id: string; tenant: TenantState }[] = [];
  /** Straight into the database, for what no client can know or bring about. */
  readonly database: pg.Client;
  /** What lists gave as places in them, to whomever. */
  readonly cursors: string[] = [];
  /** Ids that those who administer a tenant were shown: of its trail, its deliveries. */
  readonly inner: { id: string; tenant: TenantState }[] = [];
  /** Idempotency keys that somebody has used, and for what. */
  readonly promises: { by: Principal; key: string; input: Record<string, unknown>; field: string }[] = [];
  principals: Principal[] = [];

  constructor(readonly kit: Kit, readonly seed: number, beside: readonly Canaries[]) {
    this.canaries = new Canaries(seed, beside);
    this.database = new pg.Client({ connectionString: kit.database.url });
    this.random = randomFrom(seed);
  }
  /** As the service of collections in this tenant, past every share; `first` is done before anything else. */
  inCollections<T>(tenant: TenantState, body: () => Promise<T>, first = ''): Promise<T> { return this.inService('collections', tenant, body, first); }
  /** As search in this tenant. */
  inSearch<T>(tenant: TenantState, body: () => Promise<T>): Promise<T> { return this.inService('search', tenant, body); }
  private async inService<T>(service: string, tenant: TenantState, body: () => Promise<T>, first = ''): Promise<T> {
    await this.database.query(`BEGIN; ${first} SET LOCAL ROLE atlas_${service}; SET LOCAL app.tenant_id = '${tenant.id}'; SET LOCAL app.access = 'all'; SET LOCAL app.person = ''`);
    try {
      return await body();
    } finally {
      await this.database.query('COMMIT');
    }
  }
  pick<T>(list: readonly T[]): T { return list[Math.floor(this.random() * list.length)]!; }
  chance(part: number): boolean { return this.random() < part; }
  word(): string { return this.canaries.mint(); }

  /** Everybody as whom something can be asked today: in each tenant, in none, also where they do not belong. */
  settle(): void {
    this.principals = [
      { name: 'nobody', person: null, tenant: null, key: null },
      ...this.people.flatMap((person) => [...this.tenants, null].map((tenant): Principal => ({ name: person.email, person, tenant, key: null })))
        .filter(({ person, tenant }) => tenant === null || tenant.members.has(person!.id)),
      ...this.keys.slice(-20).map((key): Principal => ({ name: key.id, person: null, tenant: key.tenant, key })),
    ];
  }
  /** What the gateway makes of somebody who asks. */
  viewerOf(principal: Principal): Viewer {
    const { person, tenant, key } = principal;
    const role = roleOf(principal);
    if (key && role) return keyViewer({ keyId: key.id as ApiKeyId, tenantId: key.tenant.id as never, createdBy: key.creator.id as UserId, role, scopes: scopesOf(principal), collectionIds: key.heldTo as CollectionId[] | null, sandbox: false });
    if (!person) return anonymous;
    return userViewer({ userId: person.id as UserId, sessionId: decodeJwt(person.session.accessToken).sid as SessionId, tenantId: role ? tenant!.id as never : null, role });
  }
}

async function join(world: World, person: PersonState, tenant: TenantState, role: Role): Promise<void> {
  const { kit } = world;
  const email = `${newId('req')}@example.com`;
  const founder = within({ userId: tenant.founder.id as UserId, viewer: anonymous }, { id: tenant.id as never, sandbox: false }, 'OWNER');
  done(await kit.ask('tenants', INVITE, { input: { email, role } }, founder.viewer));
  const token = tokenIn(await kit.letterTo(email));
  done(await kit.ask('tenants', ACCEPT, { input: { token } }, world.viewerOf({ name: '', person, tenant: null, key: null })));
  tenant.members.set(person.id, role);
  person.everIn.add(tenant);
}

async function newcomer(world: World): Promise<PersonState> {
  const [name, email] = [world.word(), world.word()];
  const { userId, session } = await newPerson(world.kit, { email: `${email}@example.org`, name, password: PASSWORD });
  const person: PersonState = { id: userId, email: `${email}@example.org`, password: PASSWORD, session, everIn: new Set() };
  world.canaries.plant([name], { in: 'name', person });
  world.canaries.plant([email], { in: 'email', person });
  world.people.push(person);
  return person;
}

export async function openWorld(kit: Kit, seed: number, beside: Canaries[] = []): Promise<World> {
  const world = new World(kit, seed, beside);
  beside.push(world.canaries);
  await world.database.connect();
  for (let n = 0; n < 2; n += 1) {
    const founder = await newcomer(world);
    const word = world.word();
    const input = { name: word, slug: word };
    const { tenant: { id } } = done(await kit.ask('tenants', 'mutation($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } userErrors { code } } }', { input }, world.viewerOf({ name: '', person: founder, tenant: null, key: null })));
    const tenant: TenantState = { id, slug: word, founder, members: new Map([[founder.id, 'OWNER']]), invitations: [], webhooks: new Map(), approvers: new Set() };
    founder.everIn.add(tenant);
    world.canaries.plant([word], { in: 'tenant', tenant });
    world.tenants.push(tenant);
  }
  for (const [, ...roles] of WHO) {
    const person = await newcomer(world);
    for (const [at, role] of roles.entries()) if (role) await join(world, person, world.tenants[at]!, role);
  }
  world.settle();
  return world;
}

/** Enough points for whoever asks all the time, and webhooks that lead nowhere. */
export const ISOLATION_ENV = { RATE_LIMIT_PER_MINUTE: '10000000', TENANT_RATE_LIMIT_PER_MINUTE: '10000000', WEBHOOKS_HTTP: 'on', WEBHOOKS_PRIVATE: 'on', LOG_LEVEL: 'warn' };
