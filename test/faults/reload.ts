/** Supergraphs take over from one another under load; every answer that a client got meanwhile is looked at. */
import { renameSync, writeFileSync } from 'node:fs';
import { eventually } from '../kit/eventually.ts';
import { ask, compose, type Gateway, type SmallGraph } from '../kit/small-graph.ts';

export interface Reloaded { reloads: number; queries: number; mutations: number; newDocuments: number; failed: string[]; slowestMs: number }

const CLIENTS = 8;
const PEOPLE = JSON.stringify({ people: [1, 2, 3].map((id, at) => ({ name: ['Ada', 'Bob', 'Cyd'][at], reviews: [{ text: `Written by ${id}.` }] })) });

export async function reloadUnderLoad(graph: SmallGraph, gateway: Gateway, reloads: number): Promise<Reloaded> {
  const seen: Reloaded = { reloads: 0, queries: 0, mutations: 0, newDocuments: 0, failed: [], slowestMs: 0 };
  let over = false;
  let documents = 0;
  const expectAnswer = async (query: string, data: string) => {
    const since = performance.now();
    const { status, text, body } = await ask(gateway.url, query).catch((error: unknown) => ({ status: 0, text: String(error), body: {} as { data?: unknown; errors?: unknown } }));
    seen.slowestMs = Math.max(seen.slowestMs, performance.now() - since);
    if (status !== 200 || body.errors || JSON.stringify(body.data) !== data) seen.failed.push(`${query} → ${status} ${text}`);
  };
  const client = async () => {
    while (!over) {
      await expectAnswer('{ people { name reviews { text } } }', PEOPLE);
      await expectAnswer('mutation { greet(name: "you") }', '{"greet":"Hello you"}');
      const alias = `n${documents += 1}`;
      // A document that nobody has planned, whichever supergraph serves at the moment.
      await expectAnswer(`{ ${alias}: latest { text author { name } } }`, `{"${alias}":{"text":"Fine.","author":{"name":"Bob"}}}`);
      seen.queries += 2;
      seen.mutations += 1;
      seen.newDocuments += 1;
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  try {
    for (; seen.reloads < reloads; seen.reloads += 1) {
      const field = `reload${seen.reloads}`;
      put(graph, compose(graph.urls, `extend type Query { ${field}: Int }`), seen.reloads % 2 === 0);
      await eventually(`${field} to be served`, async () => (await ask(gateway.url, '{ __type(name: "Query") { fields { name } } }')).text.includes(`"${field}"`), 60_000);
    }
  } finally {
    over = true;
    await Promise.all(clients);
  }
  return seen;
}

/** As deployments and editors do it: another file in its place, or other bytes in the same. */
function put({ file }: SmallGraph, sdl: string, byRename: boolean): void {
  writeFileSync(byRename ? `${file}.new` : file, sdl);
  if (byRename) renameSync(`${file}.new`, file);
}

export const figuresOf = ({ reloads, queries, mutations, newDocuments, failed, slowestMs }: Reloaded): string =>
  `${reloads} reloads: ${failed.length} failed of ${queries} queries (${newDocuments} of them new documents) and ${mutations} mutations; the slowest took ${Math.round(slowestMs)} ms`;
