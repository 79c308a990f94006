/**
 * The gateway with its whole policy pipeline before the real services, each over HTTP, as something that is reloaded: tokens,
 * rights, limits, points and signed viewers. So that there is something to follow and changes that can be counted, the toy's
 * graph stands at the door of the tenants service: its sockets and its one mutation are the toy's, every other question passes
 * on to the service itself.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { graphSocket } from '../../platform/graph-socket.ts';
import { graphRoute } from '../../platform/graph-http.ts';
import { printSlice } from '../../platform/graph.ts';
import { readBody, sendJson, serve, type Route } from '../../platform/serve.ts';
import { viewerVerifier } from '../../platform/viewer-header.ts';
import { compose } from '../../schema/compose.ts';
import { loadSlices, printSlices } from '../../schema/slices.ts';
import { startArrangement, type Running, type Started } from '../kit/arrangements.ts';
import { slice as toys, toyGraph } from '../kit/toy-graph.ts';
import { silent, toyDatabase } from '../kit/toy-subgraph.ts';
import { ask } from '../kit/small-graph.ts';
import { put } from './reload-alone.ts';
import type { Reloadable } from './reload.ts';

const PASSWORD = 'a lighthouse of paper';
const OF_A_CONNECTION = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding']);
const NEVER_SPENT = '999999999';

export interface Services extends Reloadable {
  running: Running;
  /** As it was served first. */
  supergraph: string;
  putText(sdl: string): void;
  stop(): Promise<void>;
}

export async function startServicesToReload(): Promise<Services> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas reload '));
  const file = join(folder, 'supergraph.graphql');
  const supergraph = await supergraphWithToys();
  writeFileSync(file, supergraph);
  let door: Awaited<ReturnType<typeof doorBefore>> | undefined;
  const running = await startArrangement([['users', 'tenants', 'billing', 'collections', 'search'], ['gateway']], async (at) => {
    door = await doorBefore(at);
    return { TENANTS_URL: door.url, SUPERGRAPH_FILE: file, RATE_LIMIT_PER_MINUTE: NEVER_SPENT, TENANT_RATE_LIMIT_PER_MINUTE: NEVER_SPENT };
  });
  const { url } = running;
  const { body } = await ask(url, `mutation { register(input: { email: "ann@example.com", name: "Ann", password: "${PASSWORD}" }) { session { accessToken } } }`);
  const token = `Bearer ${body.data!.register.session.accessToken as string}`;
  let before = 0;
  const added = (reload: number) => `\n"""Reload ${reload}."""\ntype Reload${reload} @join__type(graph: USERS) { n: Int }\n`;
  return {
    running, url, token, supergraph,
    putText: (sdl) => put(file, sdl, true),
    query: { query: '{ me { name email } }', data: '{"me":{"name":"Ann","email":"ann@example.com"}}' },
    mutation: { query: 'mutation { poke { userErrors { code } } }', data: '{"poke":{"userErrors":[]}}' },
    fresh: (alias) => ({ query: `{ ${alias}: me { name } }`, data: `{"${alias}":{"name":"Ann"}}` }),
    follower: { query: 'subscription($after: String) { ticks(after: $after, everyMs: 100) { n cursor text } }', field: 'ticks', isRight: ({ text }) => text === 'x' },
    async carriedOut() {
      const since = door!.poked() - before;
      before += since;
      return since;
    },
    put: (reload) => put(file, supergraph + added(reload), reload % 2 === 0),
    serves: async (reload) => (await ask(url, `{ __type(name: "Reload${reload}") { name } }`, { authorization: token })).body.data?.__type !== null,
    async stop() {
      await door?.stop();
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the services publish, with the toy's numbers as if tenants told them. */
async function supergraphWithToys(): Promise<string> {
  const [tenants] = await loadSlices(['tenants']);
  const { resolvers, types, policy } = tenants!;
  const merged = Object.fromEntries([...new Set([...Object.keys(policy), ...Object.keys(toys.policy)])].map((type) => [type, { ...policy[type], ...toys.policy[type] }]));
  const sdl = printSlice({ name: 'tenants', resolvers: [...resolvers, ...toys.resolvers], types: [...new Set([...types, ...toys.types])], policy: merged });
  return compose((await printSlices()).map((each) => (each.name === 'tenants' ? { ...each, sdl } : each))).supergraph;
}

async function doorBefore({ database, ports }: Started): Promise<{ url: string; poked(): number; stop(): Promise<void> }> {
  const graph = toyGraph(silent);
  const opened = await toyDatabase(database);
  const verifier = viewerVerifier(opened);
  const toy = graphRoute(graph, verifier);
  let poked = 0;
  const pass: Route = async (request, response) => {
    const body = await readBody(request, 32_000_000);
    if (body.includes('poke')) {
      poked += 1;
      return toy(Object.assign(Readable.from([Buffer.from(body)]), { method: request.method, headers: request.headers }) as never, response, new URL('http://toy'));
    }
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !OF_A_CONNECTION.has(name))) as Record<string, string>;
    const answer = await fetch(`http://127.0.0.1:${ports.tenants}/graphql`, { method: 'POST', headers, body });
    sendJson(response, answer.status, await answer.json());
  };
  const listener = await serve({
    name: 'tenants', host: '127.0.0.1', port: 0, drainMs: 2_000, noticeMs: 100, log: silent, readiness: async () => ({ ready: true, detail: {} }),
    routes: { '/graphql': pass }, upgrades: { '/graphql': graphSocket(graph, verifier) },
  });
  return {
    url: `http://127.0.0.1:${listener.port}/graphql`, poked: () => poked,
    async stop() {
      await listener.drain();
      await opened.close();
    },
  };
}
