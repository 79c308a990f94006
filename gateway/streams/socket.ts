/**
 * graphql-transport-ws at /graphql: queries, mutations and subscriptions over one socket. Who asks is said once, in
 * `connection_init`, and found out anew for every operation, exactly as over HTTP; a socket whose credential is refused
 * later is closed.
 */
import type { IncomingMessage } from 'node:http';
import { handleProtocols, makeServer, type ServerOptions } from 'graphql-ws';
import { GraphQLError, type ExecutionArgs } from 'graphql';
import proxyAddr from 'proxy-addr';
import { WebSocketServer, type WebSocket } from 'ws';
import { AtlasError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { loop } from '../../platform/loop.ts';
import { withRequest, type RequestInfo } from '../../platform/request.ts';
import type { Upgrade } from '../../platform/serve.ts';
import { anonymous } from '../../platform/viewer.ts';
import { mayCall } from '../edge/cors.ts';
import { isForeignPage } from '../edge/media-type.ts';
import { header, question, requestOf } from '../edge/question.ts';
import { Connection } from './connection.ts';
import type { EndCode, StreamEdge } from './edge.ts';
import { told } from './ended.ts';
import { slots } from './slots.ts';
import type { Client, Opened, Streams } from './streams.ts';

const MESSAGE_BYTES_MAX = 1_000_000;
/** What a client that reads nothing may make us say: answers to pings, refusals. */
const UNREAD_BYTES_MAX = 1_000_000;

type Params = Record<string, unknown>;
interface Extra { connection: Connection; request: IncomingMessage; info: RequestInfo }
interface Work { id: string; opened: Opened; info: RequestInfo }

export interface Sockets extends Upgrade {
  /** Asks all clients to come again; what was asked and is not followed is answered first. */
  leave(code: EndCode): Promise<void>;
  stop(): Promise<void>;
}

export function graphqlSockets(edge: StreamEdge & { streams: Streams }): Sockets {
  const { settings, log } = edge;
  const trusted = proxyAddr.compile(settings.TRUST_PROXY);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX, handleProtocols: (protocols) => handleProtocols(protocols) });
  const connections = new Set<Connection>();
  // Before anybody has said who they are, only where they come from can be counted.
  const take = slots({ perCaller: settings.SOCKETS_PER_ADDRESS, inAll: settings.STREAMS_MAX });
  const protocol = makeServer<Params, Extra>(optionsFor(edge));

  const begin = (socket: WebSocket, request: IncomingMessage): void => {
    const connection = new Connection(socket);
    const info = requestOf(request, trusted);
    try {
      socket.once('close', take(anonymous, info.address));
    } catch (error) {
      return connection.close('OVERLOADED', (error as AtlasError).code);
    }
    connections.add(connection);
    const closed = protocol.opened({
      protocol: socket.protocol,
      send: (data) => connection.send(data),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (take) => socket.on('message', (data: Buffer) => {
        connection.alive = true;
        if (connection.leaving) return; // asked again where the client goes next
        if (socket.bufferedAmount > UNREAD_BYTES_MAX) return connection.close('SLOW_CONSUMER');
        void take(String(data)).catch((error: unknown) => {
          log.error({ err: error }, 'A message of a socket failed.');
          connection.close('INTERNAL');
        });
      }),
    }, { connection, request, info });
    socket.once('close', (code, reason) => {
      connections.delete(connection);
      connection.gone();
      void closed(code, String(reason));
    });
  };

  const pings = loop({ name: 'socket pings', everyMs: settings.STREAM_PING_MS, log, round: async () => { for (const connection of connections) connection.ping(); } });
  const leave: Sockets['leave'] = async (code) => { await Promise.all([...connections].map((connection) => connection.leave(code))); };
  return {
    take(request, socket, head) {
      // A page of another site may open a socket, and read it: no preflight, no CORS, and cookies come along.
      if (isForeignPage(request) && !mayCall(settings.CORS_ORIGINS, request.headers.origin)) return void socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      sockets.handleUpgrade(request, socket, head, (opened) => begin(opened, request));
    },
    leave,
    drain: () => leave('SHUTTING_DOWN'),
    stop: () => pings.stop(),
  };
}

function optionsFor(edge: StreamEdge & { streams: Streams }): ServerOptions<Params, Extra> {
  const { settings } = edge;
  return {
    connectionInitWaitTimeout: settings.STREAM_INIT_MS,
    async onConnect({ connectionParams, extra: { connection, request, info } }) {
      try {
        await edge.rate.admit(info.address);
        refuseUnsendable(connectionParams ?? {});
        const client = clientOf(connectionParams ?? {}, request, info);
        const { credentials } = client;
        connection.client = client;
        const viewer = await edge.authenticate(credentials);
        connection.onGone(edge.watch.over(credentials, viewer, (error) => { if (error.code !== 'RIGHTS_CHANGED') void connection.refuse(error); }));
        return true;
      } catch (error) {
        await edge.rate.refused(info.address);
        connection.closeBy(error instanceof AtlasError ? error : new AtlasError('INTERNAL', undefined, { cause: error }));
        return false;
      }
    },
    async onSubscribe({ subscriptions, extra: { connection, info } }, id, payload) {
      const asked: RequestInfo = { ...info, requestId: newId('req') };
      try {
        const opened = await withRequest(asked, () => edge.streams.open(connection.client!, asked, () => {
          if (Object.keys(subscriptions).length > settings.STREAM_OPERATIONS_PER_SOCKET) throw new AtlasError('TOO_MANY_STREAMS', `A socket runs ${settings.STREAM_OPERATIONS_PER_SOCKET} operations at once; wait until one has ended.`);
          return question(payload);
        }));
        const { schema, document, operation } = opened.prepared;
        const work: Work = { id, opened, info: asked };
        return { schema, document, operationName: operation.name?.value, contextValue: work };
      } catch (error) {
        return [coded(error, asked, edge)];
      }
    },
    onOperation: (ctx, _id, _payload, { contextValue }: ExecutionArgs) => run(ctx.extra.connection, contextValue as Work, edge) as never,
    // Both are run by onOperation, which knows the connection.
    execute: () => ({}),
    subscribe: () => ({}) as never,
  };
}

/** A greeting's words stand for headers, and may travel on as such: what no header can hold would fail in the middle of somebody's socket. */
function refuseUnsendable(params: Params): void {
  for (const value of Object.values(params)) {
    if (typeof value === 'string' && /[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new AtlasError('BAD_REQUEST', 'A greeting says what a header could say, in the characters that a header may hold.');
  }
}

/** What the greeting says, in any case; what it leaves out, as the headers of the handshake say it. */
function clientOf(params: Params, request: IncomingMessage, { address }: RequestInfo): Client {
  const given = new Map(Object.entries(params).map(([name, value]) => [name.toLowerCase(), value]));
  const said = (name: string): string | null => {
    const value = given.get(name);
    return typeof value === 'string' ? value : header(request, name);
  };
  return { said, credentials: { authorization: said('authorization'), tenant: said('atlas-tenant'), address } };
}

/** One operation as the sequence that the protocol's server expects: all of it happens in the first step, and ends when the client has had enough. */
function run(connection: Connection, { id, opened, info }: Work, edge: StreamEdge): AsyncIterableIterator<never> {
  const leaving = new AbortController();
  const send = (payload: string) => connection.send(`{"id":${JSON.stringify(id)},"type":"next","payload":${payload}}`);
  const follow = () => connection.following(opened.follow({ transport: 'websocket', send, signal: leaving.signal, abandon: (error) => connection.closeBy(error) }));
  const answer = () => connection.answering(opened.answer(leaving.signal).then((payload) => (leaving.signal.aborted ? undefined : send(payload))));
  return {
    async next() {
      try {
        await withRequest(info, opened.kind === 'subscription' ? follow : answer);
        return { done: true, value: undefined };
      } catch (error) {
        throw coded(error, info, edge);
      }
    },
    async return() {
      leaving.abort();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() { return this; },
  };
}

/** An error message holds errors and nothing else: what it has cost stands in the error. */
function coded(ended: unknown, info: RequestInfo, edge: StreamEdge): GraphQLError {
  const { error: { message, extensions }, bill } = told(ended, info, edge.log);
  return new GraphQLError(message, { extensions: { ...extensions, ...(bill && { cost: bill.extension }) } });
}
