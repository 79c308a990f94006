/**
 * The feed and its goods as processes: `serve.ts feed|goods <port>`. The feed speaks graphql-transport-ws with its bare hands: an event's
 * text is made once for all who asked the same, so that what is measured is the gateway. It tells an event when it is told to
 * (`{ publish: n }`), and how many listen.
 */
import { createServer } from 'node:http';
import { execute, parse, buildASTSchema, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { WebSocketServer, type WebSocket } from 'ws';
import { FEED, GOODS, goods, said } from './graph.ts';

const TEXTS_MAX = 2_000;
const [name, port] = process.argv.slice(2) as ['feed' | 'goods', string];
const sdl = name === 'feed' ? FEED : `${GOODS.replace(/type Query \{/, 'type Query { _entities(representations: [_Any!]!): [_Entity]!')} scalar _Any union _Entity = Product`;
const schema: GraphQLSchema = buildASTSchema(parse(sdl.replace(/^extend schema.*/, '')), { assumeValidSDL: true });
const texts = new LRUCache<string, string>({ max: TEXTS_MAX });

const answer = (query: string, variables: Record<string, unknown> | undefined, root: object): string =>
  JSON.stringify(execute({ schema, document: parse(query), variableValues: variables, rootValue: root, typeResolver: ({ __typename }) => __typename as string }));

const goodsRoot = { product: ({ upc }: { upc: string }) => goods(upc), _entities: ({ representations }: { representations: { upc: string }[] }) => representations.map(({ upc }) => goods(upc)) };

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    if (!body) return void response.writeHead(200).end();
    let text = texts.get(body);
    if (!text) {
      const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
      text = answer(query, variables, goodsRoot);
      texts.set(body, text);
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
  });
});

interface Listener { socket: WebSocket; id: string; query: string; variables?: Record<string, unknown> }
const listeners = new Map<string, Listener>();
let sockets = 0;

new WebSocketServer({ server, handleProtocols: () => 'graphql-transport-ws' }).on('connection', (socket) => {
  const own = `${++sockets}`;
  const leave = (id: string) => listeners.delete(`${own} ${id}`);
  socket.on('close', () => [...listeners.keys()].filter((key) => key.startsWith(`${own} `)).forEach((key) => listeners.delete(key)));
  socket.on('message', (data: Buffer) => {
    const { type, id, payload } = JSON.parse(data.toString()) as { type: string; id: string; payload: { query: string; variables?: Record<string, unknown> } };
    if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
    else if (type === 'ping') socket.send('{"type":"pong"}');
    else if (type === 'subscribe') listeners.set(`${own} ${id}`, { socket, id, ...payload });
    else if (type === 'complete') leave(id);
  });
});

/** One event to all who listen; made once for each question. */
function publish(at: number): void {
  const made = new Map<string, string>();
  for (const { socket, id, query, variables } of listeners.values()) {
    let payload = made.get(query);
    if (!payload) {
      payload = answerEvent(query.replace(/^\s*subscription\b/, 'query'), variables, at);
      made.set(query, payload);
    }
    socket.send(`{"id":${JSON.stringify(id)},"type":"next","payload":${payload}}`);
  }
}

/** An event's selection is executed as if its root were a query's: nothing else is to be known about it. */
const eventSchema = name === 'feed' ? buildASTSchema(parse(FEED.replace(/^extend schema.*/, '').replace('type Query { reviewsToday: Int }', '').replace('type Subscription', 'type Query')), { assumeValidSDL: true }) : schema;
const documents = new Map<string, ReturnType<typeof parse>>();
function answerEvent(query: string, variables: Record<string, unknown> | undefined, at: number): string {
  const document = documents.get(query) ?? parse(query);
  documents.set(query, document);
  return JSON.stringify(execute({ schema: eventSchema, document, variableValues: variables, rootValue: said(at) }));
}

process.on('message', (message: { publish?: number } | 'cpu' | 'listeners') => {
  if (message === 'listeners') process.send!(listeners.size);
  else if (message !== 'cpu' && message.publish !== undefined) publish(message.publish);
});
server.listen(Number(port), '127.0.0.1');
