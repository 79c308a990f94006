/** GraphQL over HTTP, as its own audit suite counts it, and what of the specification that suite leaves open. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { type Kit, WHOLE } from '../test/kit/services.ts';
import { startTogether } from '../test/kit/together.ts';

let kit: Kit;
const url = () => `${kit.atlas.url}/graphql`;
beforeAll(async () => { kit = await startTogether(WHOLE); });
afterAll(() => kit?.stop());

const AUDITS = serverAudits({ url });

describe('the audit of GraphQL over HTTP', () => {
  it('is the whole of it', () => expect(AUDITS).toHaveLength(61));

  it.each(AUDITS.map(({ id, name, fn }) => [id, name, fn] as const))('%s %s', async (id, name, fn) => {
    const result = await fn();
    // The answer itself is too large to be printed; the reason says what was wrong with it.
    expect({ id, name, status: result.status, reason: 'reason' in result ? result.reason : null }).toEqual({ id, name, status: 'ok', reason: null });
  });
});

const GRAPHQL = 'application/graphql-response+json';
const post = (query: string, accept: string | null, more: object = {}) => fetch(url(), { method: 'POST', headers: { 'content-type': 'application/json', ...(accept && { accept }) }, body: JSON.stringify({ query, ...more }) });
const seen = async (response: Response) => ({ status: response.status, type: response.headers.get('content-type'), body: await response.json() as Record<string, unknown> });

describe('a media type is negotiated', () => {
  it.each([
    ['by weight', `application/json;q=0.5, ${GRAPHQL}`, GRAPHQL],
    ['by weight, the other way', `application/json, ${GRAPHQL};q=0.9`, 'application/json'],
    ['by any application type', 'application/*', 'application/json'],
    ['beside types that a graph does not answer', `text/html, ${GRAPHQL};q=0.1`, GRAPHQL],
    ['without what is refused', 'application/json;q=0, */*', GRAPHQL],
  ])('%s', async (_, accept, type) => {
    expect(await seen(await post('{ __typename }', accept))).toMatchObject({ status: 200, type: `${type}; charset=utf-8`, body: { data: { __typename: 'Query' } } });
  });

  it('for refusals as for answers', async () => {
    expect(await seen(await post('{ __typename', GRAPHQL))).toMatchObject({ status: 400, type: `${GRAPHQL}; charset=utf-8`, body: { errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }] } });
  });
});

describe('a status says how it went', () => {
  it.each([
    ['a document that is none', '{', {}, 'GRAPHQL_PARSE_FAILED'],
    ['a field that is not there', '{ nope }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a variable that does not fit', 'query($id: ID!) { node(id: $id) { id } }', { variables: { id: null } }, 'BAD_USER_INPUT'],
  ])('%s is 200 only for who asks for application/json by name', async (_, query, more, code) => {
    for (const [accept, status] of [[GRAPHQL, 400], ['*/*', 400], [null, 400], ['application/json', 200]] as const) {
      const answer = await seen(await post(query, accept, more));
      expect(answer).toMatchObject({ status, body: { errors: [{ extensions: { code } }] } });
      expect(answer.body).not.toHaveProperty('data');
    }
  });

  it.each([
    ['an operation that the document does not have', 'query A { __typename }', { operationName: 'B' }, 400, 'OPERATION_RESOLUTION_FAILURE'],
    ['several operations and no name', 'query A { __typename } query B { __typename }', {}, 400, 'OPERATION_RESOLUTION_FAILURE'],
    ['more than a document may ask for', '{ tenants(first: 101) { nodes { id } } }', {}, 400, 'PAGE_SIZE'],
    ['a subscription over plain HTTP', 'subscription { me }', {}, 400, 'BAD_REQUEST'],
  ])('%s is the same for everybody', async (_, query, more, status, code) => {
    for (const accept of [GRAPHQL, 'application/json', '*/*']) expect(await seen(await post(query, accept, more))).toMatchObject({ status, body: { errors: [{ extensions: { code } }] } });
  });

  it('a wrong token is 401 and a mutation over GET 405, whatever is accepted', async () => {
    for (const accept of [GRAPHQL, 'application/json']) {
      expect((await fetch(url(), { method: 'POST', headers: { 'content-type': 'application/json', accept, authorization: 'Bearer abc' }, body: '{"query":"{__typename}"}' })).status).toBe(401);
      const got = await fetch(`${url()}?query=${encodeURIComponent('mutation { __typename }')}`, { headers: { accept } });
      expect([got.status, got.headers.get('allow')]).toEqual([405, 'GET, POST']);
    }
  });

  it('fields that fail leave the rest, under 200', async () => {
    expect(await seen(await post('{ tenant { id } apiKeyScopes { name } }', GRAPHQL))).toMatchObject({ status: 200, body: { data: { apiKeyScopes: expect.any(Array) }, errors: [{ path: ['tenant'] }] } });
  });

  it('nothing of a stack, a file or a host is told', async () => {
    for (const query of ['{', '{ nope }', 'query A { __typename }']) {
      const text = await (await post(query, GRAPHQL, { operationName: 'Other' })).text();
      expect(text).not.toMatch(/\.ts|node_modules|stacktrace|127\.0\.0\.1|localhost/);
    }
  });
});
