/** What callers meet at the edge, over HTTP: what it costs, what they are shown of the schema, and which documents are answered. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { AtlasClient } from '../../clients/typescript/client.ts';
import { MembersDocument } from '../../clients/typescript/generated/graphql.ts';
import { startServices, type Kit, WHOLE } from '../../test/kit/services.ts';
import { newPerson } from '../../test/kit/people.ts';
import { sha256, trustedDocuments } from './documents.ts';

interface Answer { status: number; headers: Headers; body: { data?: any; errors?: { message: string; extensions: { code: string } }[]; extensions: { cost: { requested: number; actual: number; budget: { limit: number; remaining: number; resetAt: string } | null; tokens: null; money: null } } } }

let kit: Kit;
let strict: Kit;
let token: string;
let newTenant: (slug: string) => Promise<void>;
let tenantKey: (scopes: string[], more?: object, slug?: string) => Promise<string>;
const ask = async (question: unknown, headers: Record<string, string> = {}, at = kit): Promise<Answer> => {
  const response = await fetch(`${at.atlas.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(typeof question === 'string' ? { query: question } : question) });
  return { status: response.status, headers: response.headers, body: await response.json() as Answer['body'] };
};
const by = (credential: string, more: Record<string, string> = {}) => ({ authorization: `Bearer ${credential}`, ...more });
const codeOf = ({ body }: Answer) => body.errors?.[0]?.extensions.code;

const overSocket = async (credential: string, query: string, variables: Record<string, unknown> = {}, operationName?: string) => {
  const client = createClient({ url: `${kit.atlas.url!.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0, connectionParams: { authorization: `Bearer ${credential}` } });
  try {
    return await new Promise<{ data?: any; errors?: readonly { message: string; extensions?: Record<string, unknown> }[]; extensions?: any }>((resolve, reject) => {
      client.subscribe({ query, variables, operationName }, { next: (value) => resolve(value as never), error: (error) => (Array.isArray(error) ? resolve({ errors: error }) : reject(error as Error)), complete: () => undefined });
    });
  } finally {
    await client.dispose();
  }
};

beforeAll(async () => {
  kit = await startServices(WHOLE, { env: { RATE_LIMIT_PER_MINUTE: '2000', TENANT_RATE_LIMIT_PER_MINUTE: '3000', CORS_ORIGINS: '*', TRUST_PROXY: '127.0.0.1' } });
  token = (await newPerson(kit)).session.accessToken;
  newTenant = async (slug) => {
    const { body } = await ask(`mutation { createTenant(input: { name: "Acme", slug: "${slug}" }) { tenant { id } userErrors { code } } }`, by(token));
    expect(body.data.createTenant.userErrors).toEqual([]);
  };
  await newTenant('acme');
  tenantKey = async (scopes, more = {}, slug = 'acme') => {
    const made = await ask({ query: 'mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret userErrors { code } } }', variables: { input: { name: 'k', scopes, ...more } } }, by(token, { 'atlas-tenant': slug }));
    return made.body.data.createApiKey.secret as string;
  };
  strict = await startServices(WHOLE, { env: { NODE_ENV: 'production', ATLAS_SECRET: 'x'.repeat(40), TRUSTED_DOCUMENTS_ONLY: 'off' } });
});
afterAll(async () => {
  await kit?.stop();
  await strict?.stop();
});

describe('what a request costs', () => {
  it('is said in every answer, and what the answer was not worth is given back', async () => {
    const { body, headers } = await ask('{ tenants(first: 100) { nodes { id } } }', by(await tenantKey(['tenants:read'])));
    expect(body.data.tenants.nodes).toHaveLength(1);
    expect(body.extensions.cost).toMatchObject({ requested: 101, actual: 2, tokens: { input: '0', output: '0' }, money: { amount: '0.000002', currency: 'USD' }, budget: { limit: 2_000, remaining: 1_998 } });
    expect(Object.fromEntries(['limit', 'remaining'].map((name) => [name, headers.get(`ratelimit-${name}`)]))).toEqual({ limit: '2000', remaining: '1998' });
    expect(headers.get('ratelimit-policy')).toBe('"caller";q=2000;w=60, "tenant";q=3000;w=60, "requests";q=60000;w=60');
    expect(headers.get('ratelimit')).toMatch(/^"caller";r=1998;t=\d+, "tenant";r=\d+;t=\d+, "requests";r=59999;t=\d+$/);
  });

  it('is said in a refusal too, which costs nothing', async () => {
    const secret = await tenantKey(['tenants:read']);
    const refused = await ask('{ nope', by(secret));
    expect(refused).toMatchObject({ status: 400, body: { extensions: { cost: { requested: 0, actual: 0, budget: { remaining: 2_000 } } } } });
    expect((await ask('{ me { id } }', by('atl_live_x'))).body.extensions.cost.budget).toBeNull();
  });

  it('is refused with 429 when a minute has no more, and says when to come again; another key goes on', async () => {
    // A tenant of its own, whose minute begins with this test.
    await newTenant('busy');
    const keyOfBusy = () => tenantKey(['tenants:read'], {}, 'busy');
    const [secret, other] = [await keyOfBusy(), await keyOfBusy()];
    const dear = `{ ${Array.from({ length: 9 }, (_, n) => `a${n}: __schema { description }`).join(' ')} }`;
    expect((await ask(dear, by(secret))).body.extensions.cost).toMatchObject({ requested: 900, actual: 900 });
    expect(codeOf(await ask(dear, by(secret)))).toBeUndefined();
    const refused = await ask(dear, by(secret));
    expect([refused.status, codeOf(refused)]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit-remaining')).toBe('200');
    expect(codeOf(await ask('{ tenant { id } }', by(other)))).toBeUndefined();
    // The tenant's own bucket is nearly empty by now, whoever asks in it.
    expect(codeOf(await ask(dear, by(other)))).toBeUndefined();
    expect(codeOf(await ask(dear, by(await keyOfBusy())))).toBe('RATE_LIMITED');
  });

  it('is refused as too high when no minute is long enough', async () => {
    const refused = await ask('{ tenants(first: 100) { nodes { members(first: 100) { nodes { role } } } } }', by(token));
    expect([refused.status, codeOf(refused)]).toEqual([400, 'COST_TOO_HIGH']);
  });

  it('is a number, whatever a page is said to be long', async () => {
    const secret = await tenantKey(['tenants:read']);
    const refused = await ask('{ tenants(first: 1e999) { nodes { id } } }', by(secret));
    expect([refused.status, codeOf(refused)]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    const dear = { query: `{ ${Array.from({ length: 9 }, (_, n) => `a${n}: __schema { description }`).join(' ')} }` };
    await ask('query($n: Int = 1e999) { tenants(first: $n) { nodes { id } } }', by(secret));
    expect((await ask(dear, by(secret))).body.extensions.cost.budget!.remaining).toBe(1_100);
  });

  it('is a stranger’s own, also where they ask what is left', async () => {
    const { port } = new URL(kit.atlas.url!);
    const from = (address: string, query: string) => ask({ query }, { 'x-forwarded-for': address }, { atlas: { url: `http://127.0.0.1:${port}` } } as Kit);
    const many = `{ rateLimit { remaining } ${Array.from({ length: 5 }, (_, n) => `a${n}: __schema { description }`).join(' ')} }`;
    const [poor, ...rich] = await Promise.all([from('192.0.2.1', many), ...Array.from({ length: 8 }, (_, n) => from(`192.0.2.${n + 2}`, '{ rateLimit { remaining } }'))]);
    expect(poor!.body.data.rateLimit.remaining).toBe(1_499);
    expect(rich.map(({ body }) => body.data.rateLimit.remaining)).toEqual(rich.map(() => 1_999));
  });

  it('may be read by pages of other origins', async () => {
    const { headers } = await ask('{ apiKeyScopes { name } }', { origin: 'https://app.example.com' });
    for (const name of ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'ratelimit', 'ratelimit-policy', 'retry-after']) expect(headers.get('access-control-expose-headers')!.split(', ')).toContain(name);
  });
});

describe('what a caller is shown of the schema', () => {
  const fields = async (headers: Record<string, string>, type = 'Mutation') => {
    const { body } = await ask(`{ __type(name: "${type}") { fields { name } } }`, headers);
    return (body.data?.__type?.fields as { name: string }[] | undefined)?.map(({ name }) => name) ?? [];
  };
  it('is what a key reaches; what is hidden is refused as forbidden and not as unknown', async () => {
    const other = by((await newPerson(kit)).session.accessToken);
    await ask('mutation { createTenant(input: { name: "Other", slug: "other" }) { userErrors { code } } }', other);
    const made = await ask('mutation { createApiKey(input: { name: "k", scopes: ["tenants:read"] }) { secret } }', { ...other, 'atlas-tenant': 'other' });
    const key = by(made.body.data.createApiKey.secret as string);
    expect(await fields(key)).toContain('login');
    expect(await fields(key)).not.toContain('createApiKey');
    expect(await fields(key, 'Tenant')).toEqual(expect.arrayContaining(['id', 'members']));
    expect(await fields(key, 'Tenant')).not.toContain('apiKeys');
    expect(await fields(key, 'ApiKeyConnection')).toEqual([]);
    expect(await fields(other, 'Tenant')).toContain('apiKeys');
    expect((await ask(getIntrospectionQuery(), key)).body.errors).toBeUndefined();
    const hidden = await ask('{ tenant { id apiKeys { nodes { id } } } }', key);
    expect([hidden.status, hidden.body.data.tenant.apiKeys, codeOf(hidden)]).toEqual([200, null, 'FORBIDDEN']);
    const beside = await ask('{ tenant { id } __type(name: "Tenant") { fields { name } } }', key);
    expect(beside.body.data.__type.fields.map(({ name }: { name: string }) => name)).not.toContain('apiKeys');
    expect(beside.body.data.tenant.id).toMatch(/^tnt_/);
  });

  it('is nothing for a stranger in production, and everything in development', async () => {
    expect(codeOf(await ask('{ __schema { types { name } } }', {}, strict))).toBe('INTROSPECTION_DISABLED');
    expect(codeOf(await ask('{ __schema { types { name } } }'))).toBeUndefined();
    const person = by((await newPerson(strict)).session.accessToken);
    expect(codeOf(await ask('{ __schema { types { name } } }', person, strict))).toBeUndefined();
  });

  it('is not told by guessing: suggestions are for people in development alone', async () => {
    const guess = async (question: unknown, headers: Record<string, string>, at = kit) => (await ask(question, headers, at)).body.errors![0]!.message;
    const wrong = ['{ tenat { id } }', '{ tenant { nme } }', '{ __type(nme: "x") { name } }', { query: 'mutation($r: TenantRol!) { logout(input: {}) { userErrors { code } } }' },
      { query: 'mutation($input: InviteMemberInput!) { inviteMember(input: $input) { userErrors { code } } }', variables: { input: { email: 'a@b.cd', role: 'OWNR' } } }];
    expect(await guess(wrong[0], by(token))).toContain('Did you mean');
    const secret = await tenantKey(['tenants:read']);
    const strictPerson = (await newPerson(strict)).session.accessToken;
    for (const question of wrong) {
      expect(await guess(question, {})).not.toContain('Did you mean');
      expect(await guess(question, by(secret))).not.toContain('Did you mean');
      expect(await guess(question, by(strictPerson), strict)).not.toContain('Did you mean');
    }
  });
});

describe('over a socket', () => {
  it('the same is withheld, charged, hidden and refused as over HTTP', async () => {
    const [held, key] = [await tenantKey(['tenants:read'], { trustedDocumentsOnly: true }), await tenantKey(['tenants:read'])];
    expect((await overSocket(held, '{ tenant { id } }')).errors![0]!.extensions!.code).toBe('DOCUMENT_NOT_TRUSTED');
    const answered = await overSocket(key, '{ tenant { id apiKeys { nodes { id } } } __type(name: "Tenant") { fields { name } } }');
    expect(answered.data.tenant).toEqual({ id: expect.any(String), apiKeys: null });
    expect(answered.errors).toMatchObject([{ path: ['tenant', 'apiKeys'], extensions: { code: 'FORBIDDEN', missing: 'scope tenants:admin' } }]);
    expect(answered.data.__type.fields.map(({ name }: { name: string }) => name)).not.toContain('apiKeys');
    expect(answered.extensions.cost).toMatchObject({ requested: 122, actual: 101, budget: { remaining: 1_899 } });
    const [unknown] = (await overSocket(key, '{ tenat { id } }')).errors!;
    expect(unknown).toMatchObject({ message: expect.not.stringContaining('Did you mean'), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
    const [unfit] = (await overSocket(key, 'mutation($input: InviteMemberInput!) { inviteMember(input: $input) { userErrors { code } } }', { input: { email: 'a@b.cd', role: 'OWNR' } })).errors!;
    expect(unfit).toMatchObject({ message: expect.not.stringContaining('Did you mean'), extensions: { code: 'BAD_USER_INPUT' } });
  });
});

describe('which documents are answered', () => {
  const SCOPES = '{ apiKeyScopes { name } }';
  const persisted = (text: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: sha256(text) } } });
  it('those that were sent before, by their hash, as clients of Apollo ask for them', async () => {
    const text = `${SCOPES} # ${sha256(token)}`;
    const first = await ask(persisted(text));
    expect(first).toMatchObject({ status: 200, body: { errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] } });
    expect((await ask({ query: text, ...persisted(text) })).body.data.apiKeyScopes.length).toBeGreaterThan(3);
    expect((await ask(persisted(text))).body.data.apiKeyScopes.length).toBeGreaterThan(3);
    const got = await fetch(`${kit.atlas.url}/graphql?extensions=${encodeURIComponent(JSON.stringify(persisted(text).extensions))}`, { headers: { 'apollo-require-preflight': '1' } });
    expect(await got.json()).toMatchObject({ data: { apiKeyScopes: expect.any(Array) } });
  });

  it('not those that were refused: they are not kept', async () => {
    const wrong = '{ nope }';
    expect(codeOf(await ask({ query: '{ me', ...persisted('{ me') }))).toBe('GRAPHQL_PARSE_FAILED');
    expect(codeOf(await ask(persisted('{ me')))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(codeOf(await ask({ query: wrong, ...persisted(SCOPES) }))).toBe('BAD_REQUEST');
  });

  it('those that are trusted by their id, and to a key that is held to them no other', async () => {
    const members = trustedDocuments({ TRUSTED_DOCUMENTS: undefined }).find(({ text }) => text.includes('query Members('))!;
    const [held, free] = [await tenantKey(['tenants:read'], { trustedDocumentsOnly: true }), await tenantKey(['tenants:read'])];
    for (const credential of [held, free]) expect((await ask({ documentId: members.id, variables: { first: 1 } }, by(credential))).body.data.tenant.members.nodes).toHaveLength(1);
    const client = (key: string, trusted: boolean) => new AtlasClient({ url: `${kit.atlas.url}/graphql`, key, trustedDocuments: trusted });
    expect((await client(held, true).query(MembersDocument, { first: 1 })).tenant!.members!.nodes).toHaveLength(1);
    await expect(client(held, false).query(MembersDocument, { first: 1 })).rejects.toMatchObject({ code: 'DOCUMENT_NOT_TRUSTED' });
    const refused = await ask('{ tenant { id } }', by(held));
    expect([refused.status, codeOf(refused)]).toEqual([403, 'DOCUMENT_NOT_TRUSTED']);
    expect(codeOf(await ask('{ __schema { types { name } } }', by(held)))).toBe('DOCUMENT_NOT_TRUSTED');
    expect((await ask('{ tenant { id } }', by(free))).body.data.tenant.id).toMatch(/^tnt_/);
    expect(codeOf(await ask({ documentId: 'sha256:nobody' }, by(free)))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('no other under the cover of an operation’s name, even when it was asked by somebody else', async () => {
    const { id, text } = trustedDocuments({ TRUSTED_DOCUMENTS: undefined }).find(({ text: one }) => one.includes('query Members('))!;
    const [held, free] = [await tenantKey(['tenants:read'], { trustedDocumentsOnly: true }), await tenantKey(['tenants:read'])];
    const other = 'query Other { tenant { slug } }';
    await ask({ query: `${other}\n${text}`, operationName: 'Other' }, by(free));
    const refused = await ask({ documentId: id, operationName: `Other\n${other}` }, by(held));
    expect([refused.body.data, codeOf(refused)]).toEqual([undefined, 'OPERATION_RESOLUTION_FAILURE']);
    expect(await overSocket(held, text, {}, `Other\n${other}`)).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }] });
  });
});
