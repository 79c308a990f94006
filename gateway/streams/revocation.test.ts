import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { authenticator } from '../policy/authenticate.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { newPerson, type Person } from '../../test/kit/people.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { TRANSPORTS, type Followed } from '../../test/kit/stream-clients.ts';
import { startStreamEdge, type StreamEdge } from '../../test/kit/stream-edge.ts';
import { done, newKey, newMember, newTenant, type TestTenant } from '../../test/kit/tenants.ts';
import { following, toyGraph } from '../../test/kit/toy-graph.ts';
import { silent } from '../../test/kit/toy-subgraph.ts';

let kit: Kit;
let edge: StreamEdge;
let tenant: TestTenant;
beforeAll(async () => {
  kit = await startServices(['users', 'tenants'], { env: { ACCESS_TOKEN_SECONDS: '12' } });
  const { ask, cache, events, settings } = kit.atlas.host.resourcesFor('gateway');
  edge = await startStreamEdge(toyGraph(silent), {}, { authenticate: authenticator({ ask, cache, events, settings }) });
  tenant = await newTenant(kit);
});
const open: Followed[] = [];
afterEach(async () => {
  for (const stream of open.splice(0)) stream.leave();
  await eventually('all streams to be gone', () => following.now === 0);
});
afterAll(async () => {
  await edge?.stop();
  await kit?.stop();
});

const TICKS = 'subscription { ticks { n } }';
const sign = async (name: keyof typeof TRANSPORTS, token: string, at?: string): Promise<Followed> => {
  const stream = TRANSPORTS[name](name === 'graphql-transport-ws' ? edge.socketUrl : edge.url, { query: TICKS, token: `Bearer ${token}`, ...(at && { tenant: at }) });
  open.push(stream);
  await stream.atLeast(2);
  return stream;
};
/** A person who signed in, as a member of the tenant. */
async function signedInMember(role: 'MEMBER' | 'ADMIN'): Promise<Person> {
  const person = await newPerson(kit);
  await newMember(kit, tenant, role, { userId: person.userId, viewer: person.viewer });
  return person;
}
const byOwner = (document: string, input: object) => kit.ask('tenants', document, { input }, tenant.owner.viewer).then(done);

it('a stream ends when its access token expires', async () => {
  const { session } = await newPerson(kit);
  const streams = await Promise.all((Object.keys(TRANSPORTS) as (keyof typeof TRANSPORTS)[]).map((name) => sign(name, session.accessToken)));
  expect(await Promise.all(streams.map(({ ended }) => ended))).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED']);
});

describe.each(Object.keys(TRANSPORTS) as (keyof typeof TRANSPORTS)[])('a stream over %s ends', (name) => {
  it('when its session is ended', async () => {
    const person = await newPerson(kit);
    const stream = await sign(name, person.session.accessToken);
    done(await kit.ask('users', 'mutation { logout(input: {}) { userErrors { code } } }', {}, person.viewer));
    expect(await stream.ended).toBe('SESSION_ENDED');
  });

  it('when its key is revoked', async () => {
    const key = await newKey(kit, tenant.owner);
    const stream = await sign(name, key.secret);
    await byOwner('mutation($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { userErrors { code } } }', { id: key.id });
    expect(await stream.ended).toBe('UNAUTHENTICATED');
  });

  it('when its member is removed, and when their role is lowered', async () => {
    const person = await signedInMember('ADMIN');
    const stream = await sign(name, person.session.accessToken, tenant.slug);
    await byOwner('mutation($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { userErrors { code } } }', { userId: person.userId, role: 'GUEST' });
    expect(await stream.ended).toBe('RIGHTS_CHANGED');
    const again = await sign(name, person.session.accessToken, tenant.slug);
    await byOwner('mutation($input: RemoveMemberInput!) { removeMember(input: $input) { userErrors { code } } }', { userId: person.userId });
    expect(await again.ended).toBe('TENANT_NOT_FOUND');
  });
});
