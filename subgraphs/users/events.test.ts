import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Letter } from '../../platform/mail.ts';
import { startServices } from '../../test/kit/services.ts';
import { misfitsOf, sampleOf } from '../../test/kit/event-contracts.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { newEmail, newPerson, PASSWORD, startUsersAlone, viewerOf, payload, type UsersAlone } from '../../test/kit/people.ts';
import * as contract from './events.ts';

const REGISTERED = 'users:users.user-registered';
const SECRET = 'x'.repeat(32);
const types = Object.values(contract).map(({ type }) => type);

/** The same keys and the same JSON types, all the way down. */
const shape = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return Array.isArray(value) ? value.map(shape) : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, shape(part)]));
};

describe('tells its neighbours', () => {
  let users: UsersAlone;
  beforeAll(async () => {
    users = await startUsersAlone();
    const ask = (document: string, viewer?: Parameters<typeof users.kit.ask>[3]) => users.kit.ask('users', document, {}, viewer);
    const { kit } = users;
    const ann = await newPerson(kit, { email: 'ann@example.org' });
    const token = /^[\w-]{43}$/m.exec((await kit.letterTo(ann.email)).text)![0];
    await ask(`mutation { verifyEmail(input: { token: "${token}" }) { userErrors { code } } }`);
    await ask(`mutation { updateProfile(input: { name: "Ann B" }) { userErrors { code } } }`, ann.viewer);
    await ask(`mutation { login(input: { email: "${ann.email}", password: "not the password" }) { userErrors { code } } }`);
    await ask(`mutation { requestPasswordReset(input: { email: "${ann.email}" }) { userErrors { code } } }`);
    await ask(`mutation { changePassword(input: { currentPassword: "${PASSWORD}", newPassword: "another lighthouse" }) { userErrors { code } } }`, ann.viewer);
    await ask(`mutation { logout(input: {}) { userErrors { code } } }`, ann.viewer);
    await kit.eventsOf('users.session-ended');
  });
  afterAll(() => users.stop());

  it.each(types)('%s has the shape of its frozen sample', (type) => {
    const told = users.kit.events.find((event) => event.type === type);
    expect(told).toBeDefined();
    // Traces run only where tracing is started: a traceparent is a text or null.
    expect(shape({ ...JSON.parse(JSON.stringify(told)), traceparent: null })).toEqual(shape({ ...sampleOf(type, told!.version), traceparent: null }));
  });
  it('keeps to the schema of every event, each time it is told', () => {
    expect(new Set(users.kit.events.map(({ type }) => type))).toEqual(new Set(types));
    for (const event of users.kit.events) expect([event.type, misfitsOf(event)]).toEqual([event.type, []]);
  });
  it('tells who did it, and no tenant', () => {
    const [registered] = users.kit.events.filter(({ type }) => type === 'users.user-registered');
    expect(registered).toMatchObject({ tenant: null, subjectVersion: 1, actor: { kind: 'anonymous' }, body: { email: 'ann@example.org' }, audit: { entityType: 'User' } });
  });
  it('a failed sign-in to no account is told without what was typed', async () => {
    const email = newEmail();
    await users.kit.ask('users', `mutation { login(input: { email: "${email}", password: "not the password" }) { userErrors { code } } }`);
    const events = await users.kit.eventsOf('users.sign-in-failed', 2);
    expect(events[1]).toMatchObject({ body: { userId: null, address: '192.0.2.1' }, audit: { entityType: 'Stranger' } });
    expect(misfitsOf(events[1]!)).toEqual([]);
    expect(JSON.stringify(events[1])).not.toContain(email);
  });
  it('a registration that was refused tells nobody', async () => {
    const before = users.kit.events.filter(({ type }) => type === 'users.user-registered').length;
    await users.kit.ask('users', `mutation { register(input: { email: "ann@example.org", name: "Ann", password: "${PASSWORD}" }) { userErrors { code } } }`);
    await newPerson(users.kit);
    expect(await users.kit.eventsOf('users.user-registered', before + 1)).toHaveLength(before + 1);
  });
});

describe('letters', () => {
  const withMail = async (send: (letter: Letter) => Promise<void>) => {
    const kit = await startServices(['users'], { env: { TENANTS_URL: 'http://127.0.0.1:9/graphql', ATLAS_SECRET: SECRET }, override: { mail: { send, close: async () => undefined } } });
    return { kit, bus: kit.atlas.bus };
  };
  const tokenOf = ({ text }: Letter) => /^[\w-]{43}$/m.exec(text)![0];

  it('that could not be sent are sent again, with the same token; an event that comes again sends none', async () => {
    const sent: Letter[] = [];
    let away = true;
    const { kit, bus } = await withMail(async (letter) => {
      sent.push(letter);
      if (away) { away = false; throw new Error('The mail server is away.'); }
    });
    try {
      await newPerson(kit);
      const waiting = async () => (await bus.lag()).find(({ group }) => group === REGISTERED)!.waiting;
      await eventually('the second try', async () => sent.length === 2 && await waiting() === 0);
      expect(tokenOf(sent[0]!)).toBe(tokenOf(sent[1]!));
      await bus.rewind(REGISTERED, 'start');
      await eventually('the event to come again', async () => await waiting() > 0);
      await eventually('the event to be handled again', async () => await waiting() === 0);
      expect(sent).toHaveLength(2);
    } finally {
      await kit.stop();
    }
  });
  it('that waited while the service was down are sent when it is back', async () => {
    const { kit } = await withMail(async () => { throw new Error('The mail server is away.'); });
    const { email } = await newPerson(kit);
    await kit.atlas.stop();
    const { url, ownerUrl } = kit.database;
    const back = await startServices(['users'], { env: { TENANTS_URL: 'http://127.0.0.1:9/graphql', DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl, ATLAS_SECRET: SECRET } });
    try {
      await back.letterTo(email);
    } finally {
      await back.stop();
      await kit.database.drop();
    }
  });
  it('to a mailbox that does not exist hold back nobody else', async () => {
    const sent: Letter[] = [];
    const { kit } = await withMail(async (letter) => {
      if (letter.to.startsWith('gone')) throw Object.assign(new Error('No such mailbox.'), { responseCode: 550 });
      sent.push(letter);
    });
    try {
      await newPerson(kit, { email: 'gone@example.org' });
      await newPerson(kit, { email: 'here@example.org' });
      await eventually('the next letter', () => sent.some(({ to }) => to === 'here@example.org'));
    } finally {
      await kit.stop();
    }
  });
});

describe('the demo', () => {
  it('makes four people, once, who can sign in and get no letters', async () => {
    const users = await startUsersAlone();
    try {
      const service = users.kit.atlas.services.get('users')!;
      const made = (await service.demo!({})) as { email: string; password: string; userId: string }[];
      expect(await service.demo!({})).toEqual(made);
      expect(made.map(({ email }) => email)).toEqual(['owner@demo.atlas', 'admin@demo.atlas', 'member@demo.atlas', 'guest@demo.atlas']);
      for (const { email, password, userId } of made) {
        expect(password).toMatch(/^demo-.{16}$/);
        const { session } = payload(await users.kit.ask('users', 'mutation($input: LoginInput!) { login(input: $input) { session { accessToken } } }', { input: { email, password } }), 'login');
        expect(viewerOf(session).userId).toBe(userId);
      }
      await users.kit.eventsOf('users.email-verified', 4);
      expect(users.kit.letters).toEqual([]);
    } finally {
      await users.stop();
    }
  });
});
