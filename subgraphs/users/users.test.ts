import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf, newEmail, newPerson, PASSWORD, payload, startUsersAlone, viewerOf, type UsersAlone } from '../../test/kit/people.ts';
import { keyViewer } from '../../platform/viewer.ts';
import { newId } from '../../platform/ids.ts';

let users: UsersAlone;
beforeAll(async () => { users = await startUsersAlone(); });
afterAll(() => users.stop());

const ME = '{ me { id email name createdAt emailVerified emailVerifiedAt } }';
const REGISTER = 'mutation($input: RegisterInput!) { register(input: $input) { user { id email name emailVerified sessions { nodes { id current userAgent address } } } session { accessToken refreshToken expiresAt } userErrors { code message path } } }';
const LOGIN = 'mutation($input: LoginInput!) { login(input: $input) { user { id email } session { accessToken refreshToken } userErrors { code path } } }';
const VERIFY = 'mutation($input: VerifyEmailInput!) { verifyEmail(input: $input) { user { id emailVerified email } userErrors { code path } } }';
const UPDATE = 'mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { user { name } userErrors { code path } } }';
const tokenIn = (text: string) => /^[\w-]{43}$/m.exec(text)![0];

describe('register', () => {
  const register = async (input: object, request = {}) => payload(await users.kit.ask('users', REGISTER, { input }, undefined, request), 'register');

  it('answers an account that its maker sees whole, and a session', async () => {
    const email = newEmail();
    const made = await register({ email: ` ${email.toUpperCase()} `, name: '  Ann  Ängström ', password: PASSWORD });
    expect(made).toMatchObject({ user: { email, name: 'Ann  Ängström', emailVerified: false }, userErrors: [] });
    expect(made.user.sessions.nodes).toEqual([{ id: viewerOf(made.session).sessionId, current: true, userAgent: 'test', address: '192.0.2.1' }]);
    expect(codeOf(await users.kit.ask('users', ME, {}, viewerOf(made.session)))).toBeUndefined();
  });

  it.each([
    ['an e-mail without a domain', { email: 'ann@' }, 'INVALID_INPUT', 'email'],
    ['an e-mail with a blank', { email: 'a nn@example.org' }, 'INVALID_INPUT', 'email'],
    ['an e-mail of 255 characters', { email: `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(9)}` }, 'INVALID_INPUT', 'email'],
    ['no name', { name: '   ' }, 'INVALID_INPUT', 'name'],
    ['a name with a line break', { name: 'Ann\nBcc: x' }, 'INVALID_INPUT', 'name'],
    ['a name of 201 characters', { name: 'x'.repeat(201) }, 'INVALID_INPUT', 'name'],
    ['a short password', { password: 'xK9#q2!' }, 'PASSWORD_TOO_WEAK', 'password'],
    ['a common password', { password: 'Password1' }, 'PASSWORD_TOO_WEAK', 'password'],
    ['one letter many times', { password: 'zzzzzzzzzzzzzzz' }, 'PASSWORD_TOO_WEAK', 'password'],
    ['the own name as password', { name: 'Ann of Green Gables', password: 'ann of green gables' }, 'PASSWORD_TOO_WEAK', 'password'],
    ['a password of 201 characters', { password: 'abcde'.repeat(41) }, 'INVALID_INPUT', 'password'],
  ])('refuses bad input: %s', async (_, input, code, field) => {
    const refused = await register({ email: newEmail(), name: 'Ann', password: PASSWORD, ...input });
    expect(refused).toMatchObject({ user: null, session: null, userErrors: [{ code, path: ['input', field] }] });
  });

  it('refuses another account of the same e-mail, also at the same moment', async () => {
    const email = newEmail();
    const both = await Promise.all([1, 2].map(() => register({ email, name: 'Ann', password: PASSWORD })));
    expect(both.map(({ user }) => user !== null).sort()).toEqual([false, true]);
    expect(both.find(({ user }) => user === null)!.userErrors).toMatchObject([{ code: 'EMAIL_TAKEN', path: ['input', 'email'] }]);
  });

  it('answers a repeated request the same, with one account and one letter', async () => {
    const input = { email: newEmail(), name: 'Ann', password: PASSWORD };
    const [first, second] = [await register(input, { idempotencyKey: 'once' }), await register(input, { idempotencyKey: 'once' })];
    expect(second).toEqual(first);
    expect(first.user).toMatchObject({ email: input.email });
    await users.kit.letterTo(input.email);
    // After the letter the consumer has worked; the stored result must still be the registration's.
    expect(await register(input, { idempotencyKey: 'once' })).toEqual(first);
    expect(users.kit.letters.filter(({ to }) => to === input.email)).toHaveLength(1);
  });

  it('keeps no password, token or hash in any event or log', async () => {
    const { session } = await newPerson(users.kit, { password: 'the unmistakable phrase' });
    await users.kit.eventsOf('users.user-registered');
    const said = JSON.stringify(users.kit.events) + users.kit.logged.join('\n');
    for (const secret of ['unmistakable', '$argon2', session.refreshToken, session.accessToken]) expect(said).not.toContain(secret);
  });
});

describe('login', () => {
  const login = async (input: object) => payload(await users.kit.ask('users', LOGIN, { input }), 'login');

  it('answers a session to whoever knows the password, in any spelling of the e-mail', async () => {
    const ann = await newPerson(users.kit);
    const answer = await login({ email: ` ${ann.email.toUpperCase()}`, password: PASSWORD });
    expect(answer).toMatchObject({ user: { id: ann.userId, email: ann.email }, userErrors: [] });
  });

  it('refuses a wrong password and an unknown e-mail with the same answer', async () => {
    const ann = await newPerson(users.kit);
    const wrong = await login({ email: ann.email, password: 'not the password' });
    const unknown = await login({ email: newEmail(), password: 'not the password' });
    expect(wrong).toEqual({ user: null, session: null, userErrors: [{ code: 'CREDENTIALS_WRONG', path: ['input'] }] });
    expect(unknown).toEqual(wrong);
  });

  it('does the same work for an unknown e-mail as for a wrong password', async () => {
    const people = await Promise.all([1, 2, 3, 4].map(() => newPerson(users.kit)));
    const took = async (email: string) => { const since = performance.now(); await login({ email, password: 'not the password' }); return performance.now() - since; };
    const known: number[] = [];
    const unknown: number[] = [];
    for (const { email } of [...people, ...people]) { known.push(await took(email)); unknown.push(await took(newEmail())); }
    const median = (all: number[]) => all.sort((a, b) => a - b)[all.length / 2]!;
    // Without a hash of nobody's it takes a tenth; a busy machine makes less of a difference than a third.
    expect(median(unknown)).toBeGreaterThan(median(known) / 3);
  });
});

describe('me', () => {
  it('answers the caller', async () => {
    const ann = await newPerson(users.kit);
    expect((await users.kit.ask('users', ME, {}, ann.viewer)).data!.me).toMatchObject({ id: ann.userId, email: ann.email, emailVerified: false, emailVerifiedAt: null });
  });
  it('refuses a stranger, and a key', async () => {
    const key = keyViewer({ keyId: newId('key'), tenantId: newId('tnt'), scopes: [], collectionIds: null, sandbox: false });
    expect(codeOf(await users.kit.ask('users', ME))).toBe('UNAUTHENTICATED');
    expect(codeOf(await users.kit.ask('users', ME, {}, key))).toBe('FORBIDDEN');
  });
});

describe('verifyEmail', () => {
  const verify = async (token: string, viewer?: Parameters<typeof users.kit.ask>[3]) => payload(await users.kit.ask('users', VERIFY, { input: { token } }, viewer), 'verifyEmail');

  it('answers the confirmed account, once; the letter holds a link and the bare token', async () => {
    const ann = await newPerson(users.kit);
    const { text } = await users.kit.letterTo(ann.email);
    const token = tokenIn(text);
    expect(text).toContain(`http://localhost:0/#verify-email=${token}\n`);
    expect(await verify(token, ann.viewer)).toMatchObject({ user: { id: ann.userId, emailVerified: true }, userErrors: [] });
    expect(await verify(token, ann.viewer)).toMatchObject({ user: null, userErrors: [{ code: 'TOKEN_INVALID', path: ['input', 'token'] }] });
    expect((await users.kit.ask('users', ME, {}, ann.viewer)).data!.me).toMatchObject({ emailVerified: true, emailVerifiedAt: expect.anything() });
  });
  it('shows a stranger with the token neither e-mail nor state', async () => {
    const ann = await newPerson(users.kit);
    expect((await verify(tokenIn((await users.kit.letterTo(ann.email)).text))).user).toEqual({ id: ann.userId, emailVerified: null, email: null });
  });
  it('refuses a made-up token', async () => {
    expect(await verify('x'.repeat(43))).toMatchObject({ user: null, userErrors: [{ code: 'TOKEN_INVALID' }] });
  });
});

describe('updateProfile', () => {
  const update = (input: object, viewer?: Parameters<typeof users.kit.ask>[3]) => users.kit.ask('users', UPDATE, { input }, viewer);

  it('answers the changed profile, and tells of it once', async () => {
    const ann = await newPerson(users.kit);
    for (const name of ['Ann B', 'Ann B']) expect(payload(await update({ name }, ann.viewer), 'updateProfile')).toEqual({ user: { name: 'Ann B' }, userErrors: [] });
    const events = await users.kit.eventsOf('users.profile-updated');
    expect(events.filter(({ subject }) => subject === ann.userId)).toMatchObject([{ subjectVersion: 2, body: { name: 'Ann B' }, audit: { before: { name: 'Ann' }, after: { name: 'Ann B' } } }]);
  });
  it('refuses bad input', async () => {
    const ann = await newPerson(users.kit);
    expect(payload(await update({ name: '\u202egnp.exe' }, ann.viewer), 'updateProfile').userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'name'] }]);
  });
  it('refuses a stranger', async () => {
    expect(codeOf(await update({ name: 'X' }))).toBe('UNAUTHENTICATED');
  });
});
