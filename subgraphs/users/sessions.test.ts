import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/kit/eventually.ts';
import { codeOf, newPerson, PASSWORD, payload, startUsersAlone, viewerOf, type Person, type Tokens, type UsersAlone } from '../../test/kit/people.ts';
import { systemViewer, type Viewer } from '../../platform/viewer.ts';

let users: UsersAlone;
beforeAll(async () => { users = await startUsersAlone({ REFRESH_GRACE_SECONDS: '1' }); });
afterAll(() => users.stop());

const LOGIN = 'mutation($input: LoginInput!) { login(input: $input) { session { accessToken refreshToken expiresAt } userErrors { code } } }';
const REFRESH = 'mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken refreshToken expiresAt } userErrors { code path } } }';
const LOGOUT = 'mutation($input: LogoutInput!) { logout(input: $input) { sessionId userErrors { code } } }';
const REVOKE = 'mutation($input: RevokeSessionInput!) { revokeSession(input: $input) { sessionId userErrors { code path } } }';
const SESSIONS = 'query($first: Int, $after: String) { me { sessions(first: $first, after: $after) { nodes { id createdAt lastSeenAt userAgent address current } pageInfo { hasNextPage endCursor } } } }';
const STATE = 'query($id: ID!) { sessionState(sessionId: $id) { alive userId } }';

const gateway = systemViewer('gateway');
const refresh = async (refreshToken: string, request = {}) => payload(await users.kit.ask('users', REFRESH, { input: { refreshToken } }, undefined, request), 'refreshSession');
const login = async ({ email }: Person): Promise<Tokens> => payload(await users.kit.ask('users', LOGIN, { input: { email, password: PASSWORD } }), 'login').session;
const alive = async ({ sessionId }: Viewer): Promise<boolean> => ((await users.kit.ask('users', STATE, { id: sessionId }, gateway)).data!.sessionState as { alive: boolean }).alive;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const invalid = { session: null, userErrors: [{ code: 'TOKEN_INVALID', path: ['input', 'refreshToken'] }] };

describe('refreshSession', () => {
  it('answers the next pair, of the same session', async () => {
    const ann = await newPerson(users.kit);
    const { session } = await refresh(ann.session.refreshToken);
    expect(session.refreshToken).not.toBe(ann.session.refreshToken);
    expect(viewerOf(session)).toEqual(ann.viewer);
    expect((await refresh(session.refreshToken)).userErrors).toEqual([]);
  });

  it('answers the same successor when it is repeated at once, in two tabs or after a lost answer', async () => {
    const ann = await newPerson(users.kit);
    const answers = await Promise.all([1, 2, 3].map(() => refresh(ann.session.refreshToken)));
    expect(new Set(answers.map(({ session }) => session.refreshToken)).size).toBe(1);
    expect(await alive(ann.viewer)).toBe(true);
  });

  it('ends the session when a token comes again after the grace', async () => {
    const ann = await newPerson(users.kit);
    const { session } = await refresh(ann.session.refreshToken);
    await pause(1_100);
    expect(await refresh(ann.session.refreshToken)).toEqual(invalid);
    expect(await alive(ann.viewer)).toBe(false);
    expect(await refresh(session.refreshToken)).toEqual(invalid);
    const ended = await users.kit.eventsOf('users.session-ended');
    expect(ended.at(-1)).toMatchObject({ subject: ann.viewer.sessionId, body: { userId: ann.userId, reason: 'refresh-reused' } });
  });

  it('never revives an older generation, not even within the grace', async () => {
    const ann = await newPerson(users.kit);
    const second = await refresh(ann.session.refreshToken);
    await refresh(second.session.refreshToken);
    expect(await refresh(ann.session.refreshToken)).toEqual(invalid);
    expect(await alive(ann.viewer)).toBe(false);
  });

  it('refuses a made-up token and leaves the session that it names alone', async () => {
    const ann = await newPerson(users.kit);
    const [sessionId, , link, mark] = ann.session.refreshToken.split('.');
    for (const forged of [`${sessionId}.0.${'x'.repeat(43)}.${mark}`, `${sessionId}.1.${link}.${mark}`, `${sessionId}`, '', 'x'.repeat(5_000)]) {
      expect(await refresh(forged)).toEqual(invalid);
    }
    expect(await alive(ann.viewer)).toBe(true);
  });

  it('keeps no token that a reader of the database could use', async () => {
    const ann = await newPerson(users.kit);
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: users.kit.database.ownerUrl });
    await client.connect();
    const { rows } = await client.query('SELECT * FROM users.session WHERE id = $1', [ann.viewer.sessionId]);
    await client.end();
    expect(JSON.stringify(rows)).not.toContain(ann.session.refreshToken.split('.')[2]);
  });
});

describe('sessions', () => {
  it('answers the devices, newest first, and pages through them', async () => {
    const ann = await newPerson(users.kit);
    const second = viewerOf(await login(ann));
    const first = (await users.kit.ask('users', SESSIONS, { first: 1 }, ann.viewer)).data as any;
    expect(first.me.sessions).toMatchObject({ nodes: [{ id: second.sessionId, current: false }], pageInfo: { hasNextPage: true } });
    const rest = (await users.kit.ask('users', SESSIONS, { first: 1, after: first.me.sessions.pageInfo.endCursor }, ann.viewer)).data as any;
    expect(rest.me.sessions).toMatchObject({ nodes: [{ id: ann.viewer.sessionId, current: true, userAgent: 'test', address: '192.0.2.1' }], pageInfo: { hasNextPage: false } });
  });
  it('refuses bad input', async () => {
    const ann = await newPerson(users.kit);
    expect(codeOf(await users.kit.ask('users', SESSIONS, { first: 0 }, ann.viewer))).toBe('PAGE_SIZE');
    expect(codeOf(await users.kit.ask('users', SESSIONS, { after: 'x' }, ann.viewer))).toBe('CURSOR_INVALID');
  });
});

describe('logout', () => {
  const logout = (input: object, viewer?: Viewer) => users.kit.ask('users', LOGOUT, { input }, viewer);

  it('ends the session of the caller, and may be repeated', async () => {
    const ann = await newPerson(users.kit);
    for (const _ of [1, 2]) expect(payload(await logout({}, ann.viewer), 'logout')).toEqual({ sessionId: ann.viewer.sessionId, userErrors: [] });
    expect(await alive(ann.viewer)).toBe(false);
    expect(await refresh(ann.session.refreshToken)).toEqual(invalid);
  });
  it('ends the session of a refresh token, when the access token is gone', async () => {
    const ann = await newPerson(users.kit);
    await logout({ refreshToken: ann.session.refreshToken });
    expect(await alive(ann.viewer)).toBe(false);
  });
  it('refuses bad input', async () => {
    expect(payload(await logout({ refreshToken: 'made up' }), 'logout').userErrors).toMatchObject([{ code: 'TOKEN_INVALID' }]);
  });
  it('refuses a stranger', async () => {
    expect(codeOf(await logout({}))).toBe('UNAUTHENTICATED');
  });
});

describe('revokeSession', () => {
  const revoke = (id: string, viewer?: Viewer) => users.kit.ask('users', REVOKE, { input: { id } }, viewer);
  const none = { sessionId: null, userErrors: [{ code: 'NOT_FOUND', path: ['input', 'id'] }] };

  it('ends another device of one\'s own', async () => {
    const ann = await newPerson(users.kit);
    const other = viewerOf(await login(ann));
    expect(payload(await revoke(other.sessionId!, ann.viewer), 'revokeSession')).toEqual({ sessionId: other.sessionId, userErrors: [] });
    expect([await alive(other), await alive(ann.viewer)]).toEqual([false, true]);
    expect(payload(await revoke(other.sessionId!, ann.viewer), 'revokeSession')).toEqual(none);
  });
  it('refuses bad input', async () => {
    const ann = await newPerson(users.kit);
    expect(payload(await revoke('ses_x', ann.viewer), 'revokeSession')).toEqual(none);
  });
  it('refuses a stranger', async () => {
    expect(codeOf(await revoke('ses_x'))).toBe('UNAUTHENTICATED');
  });
  it("refuses another person's session as if there were none", async () => {
    const [ann, ben] = [await newPerson(users.kit), await newPerson(users.kit)];
    expect(payload(await revoke(ben.viewer.sessionId!, ann.viewer), 'revokeSession')).toEqual(none);
    expect(await alive(ben.viewer)).toBe(true);
  });
});

describe('sessionState', () => {
  it('answers the gateway, and null for a session that never was', async () => {
    const ann = await newPerson(users.kit);
    expect((await users.kit.ask('users', STATE, { id: ann.viewer.sessionId }, gateway)).data).toEqual({ sessionState: { alive: true, userId: ann.userId } });
    for (const id of ['ses_01h455vb4pex5vsknk084sn02q', 'nonsense']) expect((await users.kit.ask('users', STATE, { id }, gateway)).data).toEqual({ sessionState: null });
  });
  it('refuses a stranger, a person and another service', async () => {
    const ann = await newPerson(users.kit);
    for (const viewer of [undefined, ann.viewer, systemViewer('tenants')]) {
      expect(codeOf(await users.kit.ask('users', STATE, { id: ann.viewer.sessionId }, viewer))).toMatch(/^(UNAUTHENTICATED|FORBIDDEN)$/);
    }
  });
  it('remembers when a session was last seen without writing at each call', async () => {
    const ann = await newPerson(users.kit);
    const seen = async () => ((await users.kit.ask('users', SESSIONS, {}, ann.viewer)).data as any).me.sessions.nodes[0];
    await pause(5);
    await alive(ann.viewer);
    const { createdAt, lastSeenAt } = await seen();
    expect(lastSeenAt).toEqual(createdAt);
    await users.kit.atlas.services.get('users')!.stop(); // what is remembered is written before the service stops
    await eventually('the stamp', async () => { const now = await seen(); return now.lastSeenAt > now.createdAt; });
  });
});
