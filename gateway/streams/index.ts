/** All transports of streams over one core, as the gateway puts them behind its path. */
import type { Upgrade } from '../../platform/serve.ts';
import type { StreamEdge } from './edge.ts';
import { streamRoute, type StreamRoute } from './response.ts';
import { graphqlSockets } from './socket.ts';
import { openStreams } from './streams.ts';
import { credentialWatch } from './watch.ts';

export interface StreamDoors {
  /** graphql-transport-ws. */
  upgrade: Upgrade;
  /** Event streams and multipart, for requests that want one. */
  wants: StreamRoute['wants'];
  /** It may read one too, if the question turns out to be a subscription. */
  mayTake: StreamRoute['mayTake'];
  route: StreamRoute['route'];
  /** For the listener's drain: the streams over HTTP end, each saying why; sockets are drained by their upgrade. */
  drain(): Promise<void>;
  /** A new graph took over: every stream ends with a code that says to come again. */
  renew(): Promise<void>;
  stop(): Promise<void>;
}

export function streamDoors(given: Omit<StreamEdge, 'watch'>): StreamDoors {
  const watch = credentialWatch(given);
  const streams = openStreams({ ...given, watch });
  const edge = { ...given, watch, streams };
  const sockets = graphqlSockets(edge);
  const { route, wants, mayTake, stop } = streamRoute(edge);
  return {
    upgrade: sockets, route, wants, mayTake,
    drain: async () => streams.end('SHUTTING_DOWN'),
    async renew() {
      streams.end('SUPERGRAPH_CHANGED');
      await sockets.leave('SUPERGRAPH_CHANGED');
    },
    async stop() { await Promise.all([watch.stop(), sockets.stop(), stop()]); },
  };
}
