import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse, subscribe } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { readAloneOptions } from '../../platform/alone-options.ts';
import { readSettings } from '../../platform/config.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { TRANSPORTS } from '../../test/kit/stream-clients.ts';
import { silent } from '../../test/kit/toy-subgraph.ts';
import { startAlone, type Alone } from '../alone.ts';

const SDL = parse('type Query { nothing: Int } type Subscription { count(to: Int!): Int whoAsks: String }');
const resolvers = {
  Subscription: {
    count: { async *subscribe(_: unknown, { to }: { to: number }) { for (let count = 0; count < to; count += 1) yield { count }; } },
    whoAsks: { async *subscribe(_: unknown, __: unknown, { params, headers }: { params: object; headers: object }) { yield { whoAsks: JSON.stringify([params, headers]) }; } },
  },
};

/** A subgraph of somebody else: graphql-js behind graphql-ws, which knows nothing of Atlas. */
let http: Server;
let sockets: WebSocketServer;
let folder: string;
let alone: Alone;
beforeAll(async () => {
  http = createServer((_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"__typename":"Query"}}'));
  sockets = new WebSocketServer({ server: http, path: '/graphql' });
  const schema = buildSubgraphSchema({ typeDefs: SDL, resolvers: resolvers as never });
  useServer({ schema, execute, subscribe, context: ({ connectionParams, extra }) => ({ params: connectionParams, headers: { tenant: extra.request.headers['x-tenant'] } }) }, sockets);
  await new Promise<void>((resolve) => { http.listen(0, '127.0.0.1', resolve); });
  const { supergraphSdl } = composeServices([{ name: 'theirs', url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`, typeDefs: SDL }]);
  folder = mkdtempSync(join(tmpdir(), 'atlas alone '));
  writeFileSync(join(folder, 'supergraph.graphql'), supergraphSdl!);
  alone = await startAlone({ options: readAloneOptions(['--supergraph', join(folder, 'supergraph.graphql'), '--port', '0', '--anonymous', '--forward', 'Authorization, X-Tenant'])!, settings: readSettings({ PORT: '0' }), log: silent });
});
afterEach(() => eventually('the sockets to be closed when they are idle', () => sockets.clients.size === 0));
afterAll(async () => {
  await alone?.stop();
  for (const socket of sockets.clients) socket.terminate();
  await new Promise((resolve) => { http.close(resolve); });
  rmSync(folder, { recursive: true, force: true });
});

describe.each(Object.entries(TRANSPORTS))('the gateway alone, over %s,', (name, over) => {
  const url = () => `${alone.url.replace('http', name === 'graphql-transport-ws' ? 'ws' : 'http')}/graphql`;

  it('follows what a subgraph that is not its own sends', async () => {
    const stream = over(url(), { query: 'subscription { count(to: 3) }' });
    expect(await stream.ended).toBe('complete');
    expect(stream.got).toEqual([0, 1, 2].map((count) => ({ data: { count } })));
  });

  it('passes on the headers that were named, in the greeting and the handshake', async () => {
    const stream = over(url(), { query: 'subscription { whoAsks }', token: 'Bearer ann', tenant: 'canary' });
    expect(await stream.ended).toBe('complete');
    expect(stream.got[0]!.data!.whoAsks).toBe('[{"authorization":"Bearer ann"},{}]');
  });
});

it.each(['Bearer a\nX-Other: b', 'Bearer \u4e2d'])('the gateway alone refuses a greeting that could not travel on as a header: %j', async (token) => {
  const url = `${alone.url.replace('http', 'ws')}/graphql`;
  expect(await TRANSPORTS['graphql-transport-ws'](url, { query: 'subscription { whoAsks }', token }).ended).toBe('4403 BAD_REQUEST');
});
