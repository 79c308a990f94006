/**
 * What stands before Atlas in the explorer's journey, as a proxy would: requests go through unchanged, and sockets are
 * answered here, by a stream that says who listens. So the browser's side of a subscription is tried by itself.
 */
import { createServer, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, type ExecutionArgs } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const STREAM = 'type Query { nothing: Boolean } type Subscription { beats: Beat! } type Beat { number: Int! listener: String! }';
const BEAT_MS = 50;

export interface Front {
  url: string;
  /** What each socket said of who it is. */
  introduced: Record<string, unknown>[];
  /** How many are listened to at this moment. */
  listening(): number;
  stop(): Promise<void>;
}

export async function startFront(atlas: string): Promise<Front> {
  const introduced: Record<string, unknown>[] = [];
  let listening = 0;
  const server = createServer((incoming, outgoing) => {
    const passed = ask(new URL(incoming.url!, atlas), { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  async function* beats(listener: unknown): AsyncGenerator<unknown> {
    listening += 1;
    try {
      for (let number = 1; ; number += 1) {
        yield { beats: { number, listener: listener ? 'somebody' : 'nobody' } };
        await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
      }
    } finally {
      listening -= 1;
    }
  }
  const schema = buildSchema(STREAM);
  schema.getSubscriptionType()!.getFields().beats!.subscribe = (_root, _args, context: { listener: unknown }) => beats(context.listener);
  const sockets = new WebSocketServer({ server, path: '/graphql' });
  const streams = useServer<Record<string, unknown>>({
    schema,
    onConnect: ({ connectionParams }) => void introduced.push(connectionParams ?? {}),
    context: ({ connectionParams }: { connectionParams?: Record<string, unknown> }): ExecutionArgs['contextValue'] => ({ listener: connectionParams?.authorization }),
  }, sockets);

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    introduced,
    listening: () => listening,
    stop: async () => {
      await streams.dispose();
      await closed(server);
    },
  };
}

const closed = (server: Server) => new Promise<void>((resolve) => {
  server.close(() => resolve());
  server.closeAllConnections();
});
