import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf, newEmail, newPerson, PASSWORD, payload, startUsersAlone, viewerOf, type Person, type UsersAlone } from '../../test/kit/people.ts';
import { systemViewer, type Viewer } from '../../platform/viewer.ts';

let users: UsersAlone;
beforeAll(async () => { users = await startUsersAlone(); });
afterAll(() => users.stop());

const NEW = 'another lighthouse, of stone';
const CHANGE = 'mutation($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } userErrors { code path } } }';
const REQUEST = 'mutation($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { userErrors { code } } }';
const RESET = 'mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { user { id } userErrors { code path } } }';
const LOGIN = 'mutation($input: LoginInput!) { login(input: $input) { session { accessToken } userErrors { code } } }';
const STATE = 'query($id: ID!) { sessionState(sessionId: $id) { alive } }';

const alive = async ({ sessionId }: Viewer): Promise<boolean> => ((await users.kit.ask('users', STATE, { id: sessionId }, systemViewer('gateway'))).data!.sessionState as { alive: boolean }).alive;
const login = async ({ email }: Person, password: string) => payload(await users.kit.ask('users', LOGIN, { input: { email, password } }), 'login');
const request = async (email: string) => payload(await users.kit.ask('users', REQUEST, { input: { email } }), 'requestPasswordReset');
const tokenIn = (text: string) => /^[\w-]{43}$/m.exec(text)![0];

describe('changePassword', () => {
  const change = (input: object, viewer?: Viewer) => users.kit.ask('users', CHANGE, { input: { currentPassword: PASSWORD, newPassword: NEW, ...input } }, viewer);

  it('answers, ends the other sessions, and from then on the new password opens', async () => {
    const ann = await newPerson(users.kit);
    const other = viewerOf((await login(ann, PASSWORD)).session);
    expect(payload(await change({}, ann.viewer), 'changePassword')).toEqual({ user: { id: ann.userId }, userErrors: [] });
    expect([await alive(ann.viewer), await alive(other)]).toEqual([true, false]);
    expect((await login(ann, PASSWORD)).session).toBeNull();
    expect((await login(ann, NEW)).session).not.toBeNull();
  });
  it('refuses bad input: a wrong current password, or a weak new one', async () => {
    const ann = await newPerson(users.kit);
    expect(payload(await change({ currentPassword: 'not it at all' }, ann.viewer), 'changePassword').userErrors).toEqual([{ code: 'CREDENTIALS_WRONG', path: ['input', 'currentPassword'] }]);
    expect(payload(await change({ newPassword: ann.email }, ann.viewer), 'changePassword').userErrors).toEqual([{ code: 'PASSWORD_TOO_WEAK', path: ['input', 'newPassword'] }]);
  });
  it('refuses a stranger', async () => {
    expect(codeOf(await change({}))).toBe('UNAUTHENTICATED');
  });
  it('lets no session begin with the old password while it changes', async () => {
    const ann = await newPerson(users.kit);
    const [, ...logins] = await Promise.all([change({}, ann.viewer), ...[1, 2, 3].map(() => login(ann, PASSWORD))]);
    for (const { session } of logins) if (session) expect(await alive(viewerOf(session))).toBe(false);
  });
});

describe('requestPasswordReset and resetPassword', () => {
  const reset = async (token: string, newPassword = NEW) => payload(await users.kit.ask('users', RESET, { input: { token, newPassword } }), 'resetPassword');

  it('answers the same for a known and an unknown e-mail, and writes to the known one only', async () => {
    const ann = await newPerson(users.kit);
    const stranger = newEmail();
    expect(await request(stranger)).toEqual(await request(ann.email.toUpperCase()));
    expect((await users.kit.letterTo(ann.email, 2)).subject).toBe('A new password for Atlas');
    expect(users.kit.letters.filter(({ to }) => to === stranger)).toEqual([]);
    const told = await users.kit.eventsOf('users.password-reset-requested', 2);
    expect(told.map(({ body }) => (body as { userId: string | null }).userId).sort()).toEqual([ann.userId, null].sort());
  });

  it('sets the new password, ends every session and confirms the e-mail; the token is good once', async () => {
    const ann = await newPerson(users.kit);
    await users.kit.letterTo(ann.email);
    await request(ann.email);
    const token = tokenIn((await users.kit.letterTo(ann.email, 2)).text);
    expect((await reset(token, 'password')).userErrors).toEqual([{ code: 'PASSWORD_TOO_WEAK', path: ['input', 'newPassword'] }]);
    expect(await reset(token)).toEqual({ user: { id: ann.userId }, userErrors: [] });
    expect(await alive(ann.viewer)).toBe(false);
    expect(await reset(token, 'a third lighthouse')).toEqual({ user: null, userErrors: [{ code: 'TOKEN_INVALID', path: ['input', 'token'] }] });
    expect((await login(ann, NEW)).session).not.toBeNull();
    expect((await users.kit.eventsOf('users.email-verified')).map(({ subject }) => subject)).toContain(ann.userId);
  });

  it('makes earlier tokens worthless once the password has changed', async () => {
    const ann = await newPerson(users.kit);
    await users.kit.letterTo(ann.email);
    await request(ann.email);
    const early = tokenIn((await users.kit.letterTo(ann.email, 2)).text);
    await users.kit.ask('users', CHANGE, { input: { currentPassword: PASSWORD, newPassword: NEW } }, ann.viewer);
    expect((await reset(early, 'a third lighthouse')).userErrors).toMatchObject([{ code: 'TOKEN_INVALID' }]);
  });

  it('refuses the token of another letter', async () => {
    const ann = await newPerson(users.kit);
    expect((await reset(tokenIn((await users.kit.letterTo(ann.email)).text))).userErrors).toMatchObject([{ code: 'TOKEN_INVALID' }]);
  });
});
