/**
 * A subgraph as somebody else would run it: a process of its own, plain HTTP, data in memory. It says `ready PORT` when it
 * listens. `people` owns persons, greets them, and can be followed from any greeting on; `reviews` adds to persons what was
 * written and by whom.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { SDL, type SmallName } from './small-subgraphs.ts';

const [, , name, port] = process.argv as [string, string, SmallName, string];
const PEOPLE = ['Ada', 'Bob', 'Cyd'].map((called, at) => ({ id: String(at + 1), name: called }));
interface Context { headers: IncomingMessage['headers'] }

/** What has been done here, for whoever counts it against what was answered. */
const done = { greeted: 0, following: 0 };

async function* greetings(_: unknown, { after, everyMs, bytes }: { after?: string | null; everyMs: number; bytes: number }) {
  done.following += 1;
  try {
    const words = 'x'.repeat(bytes);
    for (let n = after ? Number(after) + 1 : 0; ; n += 1) {
      yield { greetings: { n, cursor: String(n), words, person: PEOPLE[n % PEOPLE.length] } };
      await sleep(everyMs);
    }
  } finally {
    done.following -= 1;
  }
}

const RESOLVERS: Record<SmallName, object> = {
  people: {
    Query: {
      people: () => PEOPLE, greeted: () => done.greeted, following: () => done.following,
      whoAsks: (_: unknown, { header }: { header: string }, { headers }: Context) => headers[header] ?? null,
    },
    Mutation: {
      greet: (_: unknown, { name: called }: { name: string }) => {
        done.greeted += 1;
        return `Hello ${called}`;
      },
    },
    Subscription: { greetings: { subscribe: greetings } },
    Person: { __resolveReference: ({ id }: { id: string }) => PEOPLE.find((person) => person.id === id) ?? null },
  },
  reviews: {
    Query: { latest: () => ({ text: 'Fine.', author: { id: '2' } }), broken: () => { throw new Error('This one is broken.'); } },
    Person: { __resolveReference: ({ id }: { id: string }) => ({ id }), reviews: ({ id }: { id: string }) => [{ text: `Written by ${id}.`, author: { id } }] },
  },
};
const schema = buildSubgraphSchema([{ typeDefs: parse(SDL[name]), resolvers: RESOLVERS[name] as never }]);

const answer = async (request: IncomingMessage, response: ServerResponse) => {
  let text = '';
  for await (const part of request) text += String(part);
  const { query, variables, operationName } = JSON.parse(text) as { query: string; variables?: Record<string, unknown>; operationName?: string };
  const answered = await graphql({ schema, source: query, variableValues: variables, operationName, contextValue: { headers: request.headers } satisfies Context });
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answered));
};
const server = createServer((request, response) => void answer(request, response));
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
server.listen(Number(port), '127.0.0.1', () => process.stdout.write(`ready ${(server.address() as AddressInfo).port}\n`));
process.once('disconnect', () => process.exit());
