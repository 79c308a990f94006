import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getIntrospectionQuery } from 'graphql';
import { readAloneOptions } from '../platform/alone-options.ts';
import { ask, startSmallGraph, type Gateway, type SmallGraph } from '../test/kit/small-graph.ts';

const START = fileURLToPath(new URL('../platform/start.mjs', import.meta.url));

let graph: SmallGraph;
let gateway: Gateway;
beforeAll(async () => {
  graph = await startSmallGraph();
  gateway = await graph.gateway(['--forward', 'Authorization, X-Tenant']);
});
afterAll(() => graph?.stop());

describe('the gateway alone', () => {
  it('answers over subgraphs that are not its own, in an environment that has no database and demands one', async () => {
    const { status, body } = await ask(gateway.url, '{ people { name reviews { text author { name } } } latest { author { name } } }');
    expect([status, body.errors]).toEqual([200, undefined]);
    expect(body.data).toEqual({
      people: [1, 2, 3].map((id, at) => { const name = ['Ada', 'Bob', 'Cyd'][at]; return { name, reviews: [{ text: `Written by ${id}.`, author: { name } }] }; }),
      latest: { author: { name: 'Bob' } },
    });
    expect((await ask(gateway.url, 'mutation { greet(name: "you") }')).body).toEqual({ data: { greet: 'Hello you' } });
    const production = await graph.gateway([], { NODE_ENV: 'production', DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' });
    expect((await ask(production.url, '{ people { id } }')).body.data!.people).toHaveLength(3);
    expect(await production.stop()).toBe(0);
  });

  it('passes on the headers that were named and no other, nor any of Atlas', async () => {
    const said = async (header: string) => (await ask(gateway.url, `{ whoAsks(header: "${header}") }`, { authorization: 'Basic YTpi', 'x-tenant': 'acme', 'x-other': 'canary', cookie: 'canary' })).body.data!.whoAsks as string | null;
    expect([await said('authorization'), await said('x-tenant')]).toEqual(['Basic YTpi', 'acme']);
    for (const header of ['x-other', 'cookie', 'atlas-viewer', 'atlas-client-address', 'x-request-id', 'atlas-left-ms']) expect([header, await said(header)]).toEqual([header, null]);
  });

  it('keeps the headers of one client from the next', async () => {
    const asked = Array.from({ length: 40 }, (_, n) => ask(gateway.url, '{ whoAsks(header: "authorization") }', { authorization: `Bearer ${n}` }));
    expect((await Promise.all(asked)).map(({ body }) => body.data!.whoAsks)).toEqual(Array.from({ length: 40 }, (_, n) => `Bearer ${n}`));
  });

  it('tells an error of a subgraph in its own words', async () => {
    expect((await ask(gateway.url, '{ broken }')).body).toMatchObject({ data: { broken: null }, errors: [{ message: 'This one is broken.', path: ['broken'] }] });
  });

  it('shows its schema, and GraphiQL to a browser', async () => {
    expect((await ask(gateway.url, getIntrospectionQuery())).body.data!.__schema.types.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['Person', 'Review']));
    expect(await (await fetch(gateway.url, { headers: { accept: 'text/html' } })).text()).toContain('GraphiQL');
    expect((await fetch(new URL('/ready', gateway.url))).status).toBe(200);
  });

  it('has room for large documents, a limit all the same, and none when it is told so', async () => {
    const wide = (aliases: number) => `{ ${Array.from({ length: aliases }, (_, n) => `a${n}: people { id }`).join(' ')} }`;
    const deep = `{ latest { ${'author { reviews { '.repeat(8)} text ${'} }'.repeat(8)} } }`;
    expect((await ask(gateway.url, wide(200))).status).toBe(200);
    expect((await ask(gateway.url, deep)).body.errors).toBeUndefined();
    expect((await ask(gateway.url, wide(1_001))).body.errors![0]!.extensions!.code).toMatch(/^TOO_MANY_/);
    const unlimited = await graph.gateway(['--no-limits']);
    expect((await ask(unlimited.url, wide(1_001))).status).toBe(200);
    await unlimited.stop();
  });

  it('refuses a chain of fragments that is longer than anyone can go down, and answers a long one', async () => {
    const chain = (links: number) => `{ latest { ...F0 } } ${Array.from({ length: links }, (_, n) => `fragment F${n} on Review { ${n + 1 < links ? `...F${n + 1}` : 'text'} }`).join(' ')}`;
    expect(await ask(gateway.url, chain(900))).toMatchObject({ status: 200, body: { data: { latest: {} } } });
    const unlimited = await graph.gateway(['--no-limits']);
    for (const { url } of [gateway, unlimited]) {
      for (const links of [1_000, 6_000]) expect([links, await ask(url, chain(links))]).toMatchObject([links, { status: 400, body: { errors: [{ extensions: { code: 'TOO_DEEP' } }] } }]);
    }
    await unlimited.stop();
  });
});

describe('the gateway alone refuses, in one plain sentence,', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'atlas alone '));
    writeFileSync(join(folder, 'broken.graphql'), 'type Query {\n  a: String\n  b:\n}\n');
    writeFileSync(join(folder, 'plain.graphql'), 'type Query { a: String }\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (words: readonly string[]) => new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [START, 'gateway', ...words], { cwd: folder, env: { PATH: process.env.PATH } }, (error, out, err) => resolve({ code: error ? error.code : 0, out, err }));
  });

  it.each([
    ['no file', ['--anonymous'], /^Name the supergraph that is to be served: --supergraph FILE\.\n$/],
    ['a file that is not there', ['--supergraph', 'nothing.graphql', '--anonymous'], /^The supergraph nothing\.graphql cannot be read: there is no such file\.\n$/],
    ['a file that is not GraphQL, with its line', ['--supergraph', 'broken.graphql', '--anonymous'], /^broken\.graphql:4: Syntax Error: [^\n]*\n$/],
    ['a schema that is no supergraph', ['--supergraph', 'plain.graphql', '--anonymous'], /^plain\.graphql: [^\n]*\n$/],
  ])('%s', async (_, words, said) => {
    const { code, err, out } = await run(words);
    expect(err).toMatch(said);
    expect([code, out]).toEqual([1, '']);
  });

  it.each([
    ['to know accounts', ['--supergraph', 'f'], /^Add --anonymous: /],
    ['an option that does not exist', ['--supergraph', 'f', '--anonymous', '--canary'], /^There is no option called --canary\. There are: --supergraph, --anonymous, --port, --host, --forward, --no-limits\.$/],
    ['a word that is no option', ['--supergraph', 'f', '--anonymous', 'users'], /^users is not an option: /],
    ['a value where none belongs', ['--supergraph', 'f', '--anonymous=yes'], /^--anonymous takes no value\.$/],
    ['an option without its value', ['--anonymous', '--supergraph'], /^--supergraph needs a value\.$/],
    ['an option whose value is another', ['--supergraph', '--anonymous'], /^--supergraph needs a value\.$/],
    ['a port that is none', ['--supergraph', 'f', '--anonymous', '--port', '99999'], /^--port must be a port number\.$/],
    ['a header that is none', ['--supergraph', 'f', '--anonymous', '--forward', 'a b'], /^--forward takes names of headers, separated by commas\.$/],
    ["a header of the client's own connection", ['--supergraph', 'f', '--anonymous', '--forward', 'Host'], /^--forward cannot pass on host: /],
  ])('%s', (_, words, said) => expect(() => readAloneOptions(words)).toThrow(said));

  it('and takes what it is told', () => {
    expect(readAloneOptions(['--supergraph=a b', '--anonymous', '--port', '0', '--host', '0.0.0.0', '--forward', 'A, b,a', '--no-limits']))
      .toEqual({ supergraph: 'a b', settings: { PORT: '0', HOST: '0.0.0.0' }, forward: ['a', 'b'], limits: false });
    expect(readAloneOptions(['--supergraph', 'f', '--anonymous', '--forward', ''])).toEqual({ supergraph: 'f', settings: {}, forward: [], limits: true });
  });

  it('but says what it can be told', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    for (const option of ['--supergraph FILE', '--anonymous', '--port N', '--host ADDRESS', '--forward NAME,…', '--no-limits']) expect(out).toContain(option);
  });
});
