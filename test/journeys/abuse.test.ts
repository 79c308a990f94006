/** What somebody with bad intentions tried, and what they get. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AtlasClient, type InputError, type RequestError } from '../../clients/typescript/index.ts';
import { eventually } from '../kit/eventually.ts';
import { startServices, type Kit, WHOLE } from '../kit/services.ts';

const PASSWORD = 'a long enough pass phrase';
const USER_ERRORS = 'userErrors { code message path }';

let kit: Kit;
let url: string;
let people = 0;
beforeAll(async () => {
  kit = await startServices(WHOLE, { env: { TRUST_PROXY: '127.0.0.1' } });
  url = `${kit.atlas.url}/graphql`;
});
afterAll(() => kit?.stop());

const client = (more: Partial<ConstructorParameters<typeof AtlasClient>[0]> = {}) => new AtlasClient({ url, triesMax: 1, ...more });
const codeOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'answered', (error: RequestError | InputError) => error.code);
type Made = Record<string, any>;

async function person() {
  const email = `person-${people += 1}@example.com`;
  const { register } = await client().mutate(`mutation($i: RegisterInput!) { register(input: $i) { user { id } session { accessToken refreshToken } ${USER_ERRORS} } }`, { i: { email, password: PASSWORD, name: `Person ${people}` } }) as Made;
  return { email, id: register.user.id as string, as: client({ session: register.session }) };
}
async function team() {
  const owner = await person();
  const slug = `team-${people}`;
  await owner.as.mutate(`mutation($s: String) { createTenant(input: { name: "Team", slug: $s }) { ${USER_ERRORS} } }`, { s: slug });
  const join = async (role: string, inviter = owner.as) => {
    const one = await person();
    const accept = await invite(inviter.with({ tenant: slug }), one.email, role);
    await accept(one.as);
    return { ...one, as: one.as.with({ tenant: slug }) };
  };
  return { slug, owner: { ...owner, as: owner.as.with({ tenant: slug }) }, join };
}
async function invite(by: AtlasClient, email: string, role: string) {
  const before = kit.letters.length;
  await by.mutate(`mutation($e: String!, $r: TenantRole!) { inviteMember(input: { email: $e, role: $r }) { ${USER_ERRORS} } }`, { e: email, r: role });
  const { text } = await eventually(`an invitation of ${email}`, () => kit.letters.slice(before).findLast((letter) => letter.to === email && letter.text.includes('inv_')));
  const token = /^inv_\S+$/m.exec(text)![0];
  return (as: AtlasClient) => as.mutate(`mutation($t: String!) { acceptInvitation(input: { token: $t }) { ${USER_ERRORS} } }`, { t: token });
}
const changeRole = (by: AtlasClient, userId: string, role: string) => by.mutate(`mutation($u: ID!, $r: TenantRole!) { changeMemberRole(input: { userId: $u, role: $r }) { ${USER_ERRORS} } }`, { u: userId, r: role });
const newKey = async (by: AtlasClient, scopes: string[]) => (await by.mutate(`mutation($s: [String!]!) { createApiKey(input: { name: "k", scopes: $s }) { apiKey { id } secret ${USER_ERRORS} } }`, { s: scopes }) as Made).createApiKey as { apiKey: { id: string }; secret: string };
/** The roles and sessions that the gateway remembers are forgotten. */
const aSecond = () => new Promise((resolve) => { setTimeout(resolve, 1_000); });

describe('an idempotency key', () => {
  it('does not give a demoted admin what only admins are told', async () => {
    const { owner, join } = await team();
    const admin = await join('ADMIN');
    const again = () => admin.as.mutate(`mutation { inviteMember(input: { email: "x@example.com", role: MEMBER }) { invitation { email } ${USER_ERRORS} } }`, {}, { idempotencyKey: 'demoted' });
    await again();
    await changeRole(owner.as, admin.id, 'GUEST');
    await aSecond();
    expect(await codeOf(again())).toBe('FORBIDDEN');
  });

  it('that rotated a key does not say that it revoked it', async () => {
    const { owner } = await team();
    const { apiKey } = await newKey(owner.as, ['tenants:read']);
    const send = (field: string) => owner.as.mutate(`mutation($i: ID!) { same: ${field}(input: { id: $i }) { apiKey { id } ${USER_ERRORS} } }`, { i: apiKey.id }, { idempotencyKey: 'one-key' });
    await send('rotateApiKey');
    expect(await codeOf(send('revokeApiKey'))).toBe('IDEMPOTENCY_MISMATCH');
  });

  it('of a login shows nothing of the account once that session is over', async () => {
    const ann = await person();
    const replay = () => client().mutate(`mutation($i: LoginInput!) { login(input: $i) { user { email } ${USER_ERRORS} } }`, { i: { email: ann.email, password: PASSWORD } }, { idempotencyKey: 'login-again' }) as Promise<Made>;
    expect((await replay()).login.user.email).toBe(ann.email);
    await ann.as.mutate(`mutation($i: ChangePasswordInput!) { changePassword(input: $i) { ${USER_ERRORS} } }`, { i: { currentPassword: PASSWORD, newPassword: 'another long pass phrase' } });
    const after = await replay().then(({ login: { user } }) => user?.email ?? null, (error: RequestError) => error.code);
    expect([null, 'UNAUTHENTICATED', 'SUBGRAPH_UNAVAILABLE']).toContain(after);
  });

  it('leaves no quick hash of a password behind', async () => {
    const ann = await person();
    await client().mutate(`mutation($i: LoginInput!) { login(input: $i) { ${USER_ERRORS} } }`, { i: { email: ann.email, password: PASSWORD } }, { idempotencyKey: 'hash' });
    const inputs = [{ input: { email: ann.email, password: PASSWORD } }, { field: 'login', args: { input: { email: ann.email, password: PASSWORD } } }].map((input) => JSON.stringify(input));
    const guesses = inputs.flatMap((text) => [text, JSON.stringify([text])]).flatMap((text) => (['hex', 'base64', 'base64url'] as const).map((form) => createHash('sha256').update(text).digest(form)));
    const { default: pg } = await import('pg');
    const database = new pg.Client({ connectionString: kit.database.url });
    await database.connect();
    await database.query('SET ROLE atlas_users');
    const { rows } = await database.query<{ input_hash: string }>('SELECT input_hash FROM users.idempotency');
    await database.end();
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ input_hash: hash }) => guesses.includes(hash))).toEqual([]);
  });
});

describe('a key', () => {
  const emails = 'query { tenant { members { nodes { user { email } } } } }';
  const seen = async (secret: string) => ((await client({ key: secret }).query(emails, {}) as Made).tenant.members.nodes as { user: { email: string | null } }[]).map(({ user }) => user.email);

  it('shows no e-mail that its creator may no longer see', async () => {
    const { owner, join } = await team();
    const member = await join('MEMBER');
    const { secret } = await newKey(member.as, ['tenants:read']);
    expect(await seen(secret)).toContain(owner.email);
    await changeRole(owner.as, member.id, 'GUEST');
    await aSecond();
    expect(await seen(secret)).toEqual([null, null]);
  });

  it('finds nobody when it may not list members', async () => {
    const { owner } = await team();
    const { secret } = await newKey(owner.as, ['search:read']);
    expect(await client({ key: secret }).query('query($i: ID!) { node(id: $i) { id } }', { i: owner.id })).toEqual({ node: null });
  });

  it("is refused with another tenant's name beside it, known or not", async () => {
    const [mine, theirs] = [await team(), await team()];
    const { secret } = await newKey(mine.owner.as, ['tenants:read']);
    for (const tenant of [theirs.slug, 'no-such-tenant', 'tnt_01m7y3q44te4dtqze2cwdg783d']) expect(await codeOf(client({ key: secret, tenant }).query('{ tenant { slug } }', {}))).toBe('TENANT_NOT_FOUND');
    expect(await client({ key: secret, tenant: mine.slug }).query('{ tenant { slug } }', {})).toEqual({ tenant: { slug: mine.slug } });
  });
});

describe('an invitation', () => {
  it('is void once whoever gave it is gone', async () => {
    const { slug, owner, join } = await team();
    const admin = await join('ADMIN');
    const second = await person();
    const accept = await invite(admin.as.with({ tenant: slug }), second.email, 'ADMIN');
    await owner.as.mutate(`mutation($u: ID!) { removeMember(input: { userId: $u }) { ${USER_ERRORS} } }`, { u: admin.id });
    expect(await codeOf(accept(second.as))).toBe('TOKEN_INVALID');
  });
});

describe('the edge', () => {
  it.each(['garbage', '', 123, true, [], '2050-02-30T00:00:00Z', '2050-01-01', '9999-12-31T23:59:59-14:00'])('answers %j for a time with what is wrong, not with a failure', async (expiresAt) => {
    const { owner } = await team();
    const code = await codeOf(owner.as.mutate(`mutation($i: CreateApiKeyInput!) { createApiKey(input: $i) { ${USER_ERRORS} } }`, { i: { name: 'k', scopes: ['tenants:read'], expiresAt } }));
    expect(['BAD_USER_INPUT', 'INVALID_INPUT']).toContain(code);
  });

  it('stops looking up the keys of an address that only ever guesses', async () => {
    const guess = (n: number) => {
      const body = `atl_live_01m7y3q44te4dtqze2cwdg783d_${String(n).padStart(40, '0')}`;
      return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.7', authorization: `Bearer ${body}_${crc32(body).toString(16).padStart(8, '0')}` }, body: '{"query":"{ apiKeyScopes { name } }"}' });
    };
    const statuses: number[] = [];
    for (let n = 0; n < 1_300; n += 50) statuses.push(...(await Promise.all(Array.from({ length: 50 }, (_, at) => guess(n + at)))).map(({ status }) => status));
    expect(statuses.filter((status) => status === 401).length).toBeGreaterThan(1_000);
    expect(statuses.at(-1)).toBe(429);
    expect((await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.8' }, body: '{"query":"{ apiKeyScopes { name } }"}' })).status).toBe(200);
  });
});
