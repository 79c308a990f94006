import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startServices } from '../../test/kit/services.ts';
import { codeOf, newPerson, startUsersAlone, type Person, type UsersAlone } from '../../test/kit/people.ts';
import { newId } from '../../platform/ids.ts';
import { keyViewer, systemViewer, type Viewer } from '../../platform/viewer.ts';

let users: UsersAlone;
let ann: Person;
let ben: Person;
beforeAll(async () => {
  users = await startUsersAlone();
  [ann, ben] = [await newPerson(users.kit, { name: 'Ann' }), await newPerson(users.kit, { name: 'Ben' })];
});
beforeEach(() => { users.relations.length = 0; users.asked.length = 0; });
afterAll(() => users.stop());

const ENTITIES = 'query($of: [_Any!]!) { _entities(representations: $of) { __typename ... on User { id name email emailVerified sessions { nodes { id } } } } }';
const find = async (keys: object[], viewer?: Viewer) => users.kit.ask('users', ENTITIES, { of: keys.map((key) => ({ __typename: 'User', ...key })) }, viewer);
const one = async (key: object, viewer?: Viewer) => ((await find([key], viewer)).data as any)._entities[0];
const shown = (person: Person, email: string | null) => ({ id: person.userId, email, emailVerified: null, sessions: null });

describe('a user whom a service hands out', () => {
  it('shows the name to anybody, and the e-mail to nobody who shares nothing', async () => {
    expect(await one({ id: ben.userId }, ann.viewer)).toMatchObject({ name: 'Ben', ...shown(ben, null) });
    expect(await one({ id: ben.userId })).toMatchObject({ name: 'Ben', ...shown(ben, null) });
  });
  it('shows the e-mail to a peer, and not to a guest', async () => {
    users.relations.push({ userId: ben.userId, kind: 'PEER' });
    expect(await one({ id: ben.userId }, ann.viewer)).toMatchObject(shown(ben, ben.email));
    users.relations.splice(0, 1, { userId: ben.userId, kind: 'GUEST' });
    expect(await one({ id: ben.userId }, ann.viewer)).toMatchObject(shown(ben, null));
  });
  it('shows the e-mail to a key of a shared tenant, and never to a service', async () => {
    users.relations.push({ userId: ben.userId, kind: 'PEER' });
    const key = keyViewer({ keyId: newId('key'), tenantId: newId('tnt'), scopes: [], collectionIds: null, sandbox: false });
    expect(await one({ id: ben.userId }, key)).toMatchObject(shown(ben, ben.email));
    expect(await one({ id: ben.userId }, systemViewer('gateway'))).toMatchObject(shown(ben, null));
  });
  it('shows everything to oneself, without asking anybody', async () => {
    expect(await one({ id: ann.userId }, ann.viewer)).toMatchObject({ email: ann.email, emailVerified: false, sessions: { nodes: [{ id: ann.viewer.sessionId }] } });
    expect(users.asked).toEqual([]);
  });
  it('asks once about a whole page', async () => {
    const people = await Promise.all([1, 2, 3].map(() => newPerson(users.kit)));
    users.relations.push(...people.map(({ userId }) => ({ userId, kind: 'PEER' as const })));
    const { data } = await find(people.map(({ userId }) => ({ id: userId })), ann.viewer);
    expect((data as any)._entities.map(({ email }: Person) => email)).toEqual(people.map(({ email }) => email));
    expect(users.asked).toHaveLength(1);
  });
});

describe('a user whose id a client typed', () => {
  it('is oneself', async () => {
    expect(await one({ nodeId: ann.userId }, ann.viewer)).toMatchObject({ id: ann.userId, email: ann.email });
  });
  it('is there for a peer, and by name for a guest', async () => {
    users.relations.push({ userId: ben.userId, kind: 'PEER' });
    expect(await one({ nodeId: ben.userId }, ann.viewer)).toMatchObject({ name: 'Ben', email: ben.email });
    users.relations.splice(0, 1, { userId: ben.userId, kind: 'GUEST' });
    expect(await one({ nodeId: ben.userId }, ann.viewer)).toMatchObject({ name: 'Ben', email: null });
  });
  it('is not there for a stranger, nor for anybody who shares nothing, exactly like an id that never was', async () => {
    for (const viewer of [undefined, ann.viewer]) {
      const answers = await Promise.all([ben.userId, newId('usr'), 'usr_x', newId('tnt')].map((nodeId) => find([{ nodeId }], viewer)));
      for (const answer of answers) expect(answer).toEqual({ data: { _entities: [null] } });
    }
  });
});

describe('without tenants', () => {
  it('answers what it knows itself, and says that the rest is unavailable instead of guessing', async () => {
    const kit = await startServices(['users'], { env: { TENANTS_URL: 'http://127.0.0.1:9/graphql' } });
    try {
      const [cyd, dan] = [await newPerson(kit), await newPerson(kit)];
      const asCyd = (key: object) => kit.ask('users', ENTITIES, { of: [{ __typename: 'User', ...key }] }, cyd.viewer);
      expect((await asCyd({ id: cyd.userId })).errors).toBeUndefined();
      const handedOut = await asCyd({ id: dan.userId });
      expect(handedOut.data).toMatchObject({ _entities: [{ name: 'Ann', email: null }] });
      expect(codeOf(handedOut)).toBe('SUBGRAPH_UNAVAILABLE');
      const [foreign, unknown] = [await asCyd({ nodeId: dan.userId }), await asCyd({ nodeId: newId('usr') })];
      expect(foreign.data).toEqual({ _entities: [null] });
      expect(codeOf(foreign)).toBe('SUBGRAPH_UNAVAILABLE');
      expect(unknown.errors![0]!.message).toBe(foreign.errors![0]!.message);
      expect(JSON.stringify(foreign)).not.toMatch(/127\.0\.0\.1|ECONNREFUSED/);
    } finally {
      await kit.stop();
    }
  });
});
