import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { createServer, type AddressInfo } from 'node:net';
import { newId } from '../platform/ids.ts';
import { trustedDocuments } from './policy/documents.ts';
import { startServices, type Kit, WHOLE } from '../test/kit/services.ts';

let kit: Kit;
let url: string;
beforeAll(async () => {
  kit = await startServices(WHOLE, { env: { CORS_ORIGINS: 'https://app.example.com', TRUST_PROXY: '127.0.0.1' } });
  url = `${kit.atlas.url}/graphql`;
});
afterAll(() => kit?.stop());

interface Answer { status: number; headers: Headers; text: string; body: { data?: Record<string, unknown> | null; errors?: { message: string; path?: unknown[]; extensions: { code: string; requestId: string; status: number } }[] } }
async function send(init: RequestInit & { path?: string }): Promise<Answer> {
  const response = await fetch(`${url}${init.path ?? ''}`, init);
  const text = await response.text();
  let body: Answer['body'] = {};
  try { body = JSON.parse(text) as Answer['body']; } catch { /* not every answer is JSON */ }
  return { status: response.status, headers: response.headers, text, body };
}
const ask = (query: unknown, more: object = {}, headers: Record<string, string> = {}) =>
  send({ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, ...more }) });
const first = ({ body }: Answer) => body.errors?.[0]?.extensions.code;

describe('the edge answers', () => {
  it('a query over POST and over GET, with the request id that came or a new one', async () => {
    const posted = await ask('{ apiKeyScopes { name } }', {}, { 'x-request-id': 'request-from-client' });
    expect(posted).toMatchObject({ status: 200, body: { data: { apiKeyScopes: expect.arrayContaining([{ name: 'tenants:read' }]) } } });
    expect(posted.headers.get('x-request-id')).toBe('request-from-client');
    const got = await send({ path: `?query=${encodeURIComponent('{ apiKeyScopes { name } }')}`, headers: { 'apollo-require-preflight': '1' } });
    expect(got).toMatchObject({ status: 200, body: { data: posted.body.data! } });
    expect(got.headers.get('x-request-id')).toMatch(/^req_/);
    expect((await ask('{ me { id } }', {}, { 'x-request-id': 'a b"c' })).headers.get('x-request-id')).toMatch(/^req_/);
  });

  it('what is deferred in parts of their own, to whoever reads parts, and whole to all others', async () => {
    const query = '{ apiKeyScopes { name } ... @defer(label: "rest") { rateLimit { limit } } }';
    const inParts = await ask(query, {}, { accept: 'multipart/mixed;deferSpec=20220824, application/json' });
    expect(inParts.headers.get('content-type')).toBe('multipart/mixed; boundary="-"; deferSpec=20220824');
    const bodies = inParts.text.split('\r\n---\r\n').slice(1).map((part) => JSON.parse(part.split('\r\n\r\n')[1]!.replace(/\r\n-----\r\n$/, '')) as Record<string, unknown>);
    expect(bodies[0]).toMatchObject({ data: { apiKeyScopes: expect.arrayContaining([{ name: 'tenants:read' }]) }, hasNext: true });
    expect(bodies[0]).not.toHaveProperty('data.rateLimit');
    expect(bodies.at(-1)).toMatchObject({ incremental: [{ path: [], label: 'rest', data: { rateLimit: { limit: expect.any(Number) } } }], hasNext: false, extensions: { cost: { actual: expect.any(Number) } } });
    expect(inParts.text.endsWith('\r\n-----\r\n')).toBe(true);
    expect((await ask(query)).body.data).toMatchObject({ apiKeyScopes: expect.anything(), rateLimit: { limit: expect.any(Number) } });
    // What is refused has a status of its own.
    expect(await ask('{ nothing ... @defer { rateLimit { limit } } }', {}, { accept: 'multipart/mixed' })).toMatchObject({ status: 400 });
    expect(await ask('query ($n: Boolean!) { ... @defer(if: $n) { rateLimit { limit } } }', { variables: { n: 'x' } }, { accept: 'multipart/mixed' })).toMatchObject({ body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] } });
  });

  it('a query as ever to clients that could read a stream too', async () => {
    const answered = await ask('{ apiKeyScopes { name } }', {}, { accept: 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed' });
    expect(answered.headers.get('content-type')).toContain('json');
    expect(answered.headers.get('ratelimit-remaining')).not.toBeNull();
    expect(answered.body.data).toMatchObject({ apiKeyScopes: expect.anything() });
  });

  it('a query as ever to them when it is only named', async () => {
    const { id } = trustedDocuments({ TRUSTED_DOCUMENTS: undefined }).find(({ text }) => text.startsWith('query Me '))!;
    for (const accept of ['application/json, text/event-stream', 'multipart/mixed;subscriptionSpec=1.0, application/json']) {
      const answered = await ask(undefined, { documentId: id }, { accept });
      expect(answered.headers.get('content-type')).toContain('application/json');
      expect(answered.headers.get('ratelimit-remaining')).not.toBeNull();
      expect(answered.body).toMatchObject({ data: { me: null }, extensions: { cost: { actual: 1 } } });
    }
  });

  it('the whole introspection, without anything that is only for services', async () => {
    const { status, text } = await ask(getIntrospectionQuery());
    expect(status).toBe(200);
    for (const hidden of ['jwks', 'sessionState', 'principalOfUser', 'principalOfKey', 'relations', 'nodeId', '_entities']) expect(text).not.toContain(`"${hidden}"`);
  });

  it('a browser with GraphiQL, under a policy that lets no other host in', async () => {
    const page = await send({ headers: { accept: 'text/html,application/xhtml+xml' } });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(page.text).not.toMatch(/https?:\/\//);
    expect(page.headers.get('content-security-policy')).toContain(`connect-src 'self' ws://${new URL(url).host} wss://${new URL(url).host};`);
    const loaded = new Set([...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => new URL(path!, url).href));
    for (const file of loaded) {
      const response = await fetch(file);
      expect([file, response.status]).toEqual([file, 200]);
      expect((await fetch(file, { headers: { 'if-none-match': response.headers.get('etag')! } })).status).toBe(304);
      const text = await response.text();
      // Modules and what they import, to the last.
      for (const [, imported, later] of text.matchAll(/^(?:import|export) .*from '(\.\/[\w./-]+)';$|^const SOCKET_CLIENT = '(.+)';$/gm)) loaded.add(new URL((imported ?? later)!, file).href);
    }
    expect([...loaded].filter((file) => file.includes('/graphql-ws/')).length).toBeGreaterThan(1);
  });

  it('what is left to spend', async () => {
    const { body } = await ask('{ rateLimit { cost limit remaining resetAt } apiKeyScopes { name } }');
    expect(body.data!.rateLimit).toMatchObject({ cost: 12, limit: 600_000 });
  });

  it('pages of the origins that the settings name, and of no other', async () => {
    const preflight = (origin: string) => send({ method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
    expect((await preflight('https://app.example.com')).headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect((await preflight('https://evil.example.com')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the edge refuses', () => {
  it.each([
    ['a body that is not JSON', () => send({ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }), 400, 'BAD_REQUEST'],
    ['a body that is no object', () => send({ method: 'POST', headers: { 'content-type': 'application/json' }, body: '"x"' }), 400, 'BAD_REQUEST'],
    ['a batch', () => send({ method: 'POST', headers: { 'content-type': 'application/json' }, body: '[{"query":"{me{id}}"}]' }), 400, 'BATCHING_NOT_ALLOWED'],
    ['no query', () => ask(undefined), 400, 'BAD_REQUEST'],
    ['variables that are a list', () => ask('{ me { id } }', { variables: [1] }), 400, 'BAD_REQUEST'],
    ['a form, which a foreign page could send unasked', () => send({ method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"query":"{me{id}}"}' }), 400, 'BAD_REQUEST'],
    ['a GET that a foreign page has a browser send', () => send({ path: '?query={me{id}}', headers: { 'sec-fetch-site': 'cross-site' } }), 400, 'BAD_REQUEST'],
    ['such a GET that would read a stream', () => send({ path: '?query={me{id}}', headers: { accept: 'text/event-stream', 'sec-fetch-site': 'cross-site' } }), 400, 'BAD_REQUEST'],
    ['such a GET that would read a stream of the other kind', () => send({ path: '?query={me{id}}', headers: { accept: 'multipart/mixed;subscriptionSpec=1.0', origin: 'https://evil.example.com' } }), 400, 'BAD_REQUEST'],
    ['such a GET where the browser says no more than whose page it is', () => send({ path: '?query={me{id}}', headers: { referer: 'http://evil.example.com/' } }), 400, 'BAD_REQUEST'],
    ['who takes nothing that a graph answers', () => send({ method: 'POST', headers: { 'content-type': 'application/json', accept: 'image/png' }, body: '{"query":"{me{id}}"}' }), 406, 'NOT_ACCEPTABLE'],
    ['extensions that are a list', () => ask('{ me { id } }', { extensions: [1] }), 400, 'BAD_REQUEST'],
    ['a mutation over GET', () => send({ path: `?query=${encodeURIComponent('mutation { logout(input: {}) { userErrors { code } } }')}`, headers: { 'apollo-require-preflight': '1' } }), 405, 'METHOD_NOT_ALLOWED'],
    ['PUT', () => send({ method: 'PUT' }), 405, 'METHOD_NOT_ALLOWED'],
    ['a field that is not there', () => ask('{ nope }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['a variable of another type', () => ask('query($id: ID!) { node(id: $id) { id } }', { variables: { id: {} } }), 400, 'BAD_USER_INPUT'],
    ['an unknown operation name', () => ask('query A { me { id } }', { operationName: 'B' }), 400, 'OPERATION_RESOLUTION_FAILURE'],
    ['a subscription over plain HTTP', () => ask('subscription { me }'), 400, 'BAD_REQUEST'],
    ["services' own fields", () => ask('{ _entities(representations: []) { __typename } }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['fields that are only for services', () => ask('{ jwks }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['text that no store keeps', () => ask('query($id: ID!) { node(id: $id) { id } }', { variables: { id: 'a\0b' } }), 400, 'TEXT_NOT_ALLOWED'],
    ["more than a stranger's megabyte", () => ask('{ me { id } }', { variables: { x: 'x'.repeat(1_000_001) } }), 413, 'BODY_TOO_LARGE'],
    ['a token that nobody issued', () => ask('{ me { id } }', {}, { authorization: 'Bearer abc' }), 401, 'UNAUTHENTICATED'],
    ['a key with a wrong checksum', () => ask('{ me { id } }', {}, { authorization: `Bearer atl_live_${'a'.repeat(60)}` }), 401, 'UNAUTHENTICATED'],
    ['a credential that is none', () => ask('{ me { id } }', {}, { authorization: 'Basic YTpi' }), 401, 'UNAUTHENTICATED'],
  ])('%s', async (_, call, status, code) => {
    const answer = await call();
    expect([answer.status, first(answer)]).toEqual([status, code]);
    expect(answer.body.errors![0]!.extensions.requestId).toBe(answer.headers.get('x-request-id'));
  });

  it('whoever guesses passwords through a forwarded address, each address for itself', async () => {
    const login = (address: string) => ask('mutation($e: String!) { login(input: { email: $e, password: "wrong password" }) { userErrors { code } } }', { variables: { e: 'nobody@example.com' } }, { 'x-forwarded-for': address });
    const codes: (string | undefined)[] = [];
    for (let n = 0; n < 8; n += 1) codes.push(first(await login('198.51.100.1')));
    expect(codes).toContain('TOO_MANY_ATTEMPTS');
    expect(first(await login('198.51.100.2'))).toBeUndefined();
  });
});

describe('a service that is away', () => {
  it('is named by a code and never by its address; the other fields are answered', async () => {
    const apart = await startServices(WHOLE.filter((name) => name !== 'users'), { env: { USERS_URL: 'http://127.0.0.1:9/graphql' } });
    try {
      const response = await fetch(`${apart.atlas.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: `{ node(id: "${newId('usr')}") { id } apiKeyScopes { name } }` }) });
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ data: { node: null, apiKeyScopes: expect.any(Array) }, errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true } }] });
      expect(text).not.toMatch(/127\.0\.0\.1|ECONNREFUSED|\w:9\b/);
    } finally {
      await apart.stop();
    }
  });
});

describe('a service that hangs', () => {
  it('is given up after its time, by the same code', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => { silent.listen(0, '127.0.0.1', resolve); });
    const apart = await startServices(WHOLE.filter((name) => name !== 'users'), { env: { USERS_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/graphql`, ASK_TIMEOUT_MS: '300' } });
    try {
      const response = await fetch(`${apart.atlas.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: `{ node(id: "${newId('usr')}") { id } apiKeyScopes { name } }` }) });
      expect(await response.json()).toMatchObject({ data: { node: null, apiKeyScopes: expect.any(Array) }, errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] });
    } finally {
      await apart.stop();
      silent.close();
    }
  });
});

describe('in production', () => {
  it('neither the schema nor GraphiQL is shown', async () => {
    const closed = await startServices(WHOLE, { env: { NODE_ENV: 'production', ATLAS_SECRET: 'x'.repeat(40) } });
    try {
      const post = (query: string) => fetch(`${closed.atlas.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) });
      expect(((await (await post('{ __schema { queryType { name } } }')).json()) as Answer['body']).errors![0]!.extensions.code).toBe('INTROSPECTION_DISABLED');
      expect((await (await fetch(`${closed.atlas.url}/graphql`, { headers: { accept: 'text/html' } })).text())).not.toContain('<html');
      expect((await post('{ apiKeyScopes { name __typename } }')).status).toBe(200);
    } finally {
      await closed.stop();
    }
  });
});
