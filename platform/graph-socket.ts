/**
 * A subgraph's subscriptions for other processes: graphql-transport-ws on the port and path of its graph. Who is asking
 * is said once, when the socket opens, by the signed viewer header; a stream may outlive the minute of that header,
 * because every event is checked against the viewer, and the gateway ends the streams of whoever loses a right.
 */
import { GraphQLError, OperationTypeNode, parse, getOperationAST, type ExecutionArgs } from 'graphql';
import { handleProtocols, type ServerOptions } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { AtlasError, toPublic, type PublicError } from './errors.ts';
import type { Graph, GraphAnswer } from './graph.ts';
import { newId } from './ids.ts';
import { withRequest, type RequestInfo } from './request.ts';
import type { Upgrade } from './serve.ts';
import type { Viewer } from './viewer.ts';
import { VIEWER_HEADER, type ViewerVerifier } from './viewer-header.ts';

const MESSAGE_BYTES_MAX = 1_000_000;
const STREAMS_MAX = 1_000; // of one socket, which is one viewer's
const INIT_MS = 3_000;
const PING_MS = 12_000;
/** "Service restart": whoever is connected comes again. */
export const RESTART_CODE = 1012;

type Extra = { viewer?: Viewer };
class Ended extends Error { constructor(readonly errors: PublicError[]) { super('The stream has ended.'); } }

export function graphSocket(graph: Graph, verifier: ViewerVerifier): Upgrade {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX, handleProtocols: (protocols) => handleProtocols(protocols) });
  const options: ServerOptions<Record<string, unknown>, Extra> = {
    connectionInitWaitTimeout: INIT_MS,
    async onConnect({ connectionParams, extra }) {
      extra.viewer = (await verifier.verify(textOf(connectionParams?.[VIEWER_HEADER])).catch(() => undefined))!;
      return extra.viewer !== undefined;
    },
    onSubscribe(ctx, _, { query, variables, operationName, extensions }) {
      try {
        if (Object.keys(ctx.subscriptions).length > STREAMS_MAX) throw new AtlasError('TOO_MANY_STREAMS');
        const document = parse(query, { noLocation: true });
        if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.SUBSCRIPTION) throw new AtlasError('BAD_REQUEST', 'This socket is for subscriptions.');
        const request = { document: query, variables: variables ?? {}, operationName: operationName ?? undefined, viewer: ctx.extra.viewer! };
        const info: RequestInfo = { requestId: textOf(extensions?.requestId) || newId('req'), address: null, userAgent: null, idempotencyKey: null, tenantId: request.viewer.tenantId, principal: request.viewer.id };
        return { schema: graph.schema, document, contextValue: (signal: AbortSignal) => withRequest(info, () => graph.follow(request, signal)) };
      } catch (error) {
        const known = error instanceof AtlasError ? error : new AtlasError('GRAPHQL_PARSE_FAILED', undefined, { cause: error });
        return [new GraphQLError(known.message, { originalError: known })];
      }
    },
    subscribe: ({ contextValue }: ExecutionArgs) => handedOut(contextValue as (signal: AbortSignal) => AsyncIterable<GraphAnswer>) as never,
    // The graph has masked its errors: they travel as they are.
    onNext: (_, _id, _payload, _args, result) => result as never,
    onError: (_, _id, _payload, errors) => {
      const [cause] = errors.map((error) => (error as GraphQLError).originalError);
      return cause instanceof Ended ? cause.errors : [toPublic(cause)];
    },
  };
  useServer<Record<string, unknown>, Extra>(options, sockets, PING_MS);
  return {
    take: (request, socket, head) => sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request)),
    async drain() {
      const gone = [...sockets.clients].map((socket) => new Promise<void>((resolve) => { socket.once('close', () => resolve()); }));
      for (const socket of sockets.clients) socket.close(RESTART_CODE, 'SHUTTING_DOWN');
      await Promise.all(gone);
    },
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A stream that ends at once when the other side has had enough, not with its next event. */
function handedOut(open: (signal: AbortSignal) => AsyncIterable<GraphAnswer>): AsyncIterableIterator<GraphAnswer> {
  const leaving = new AbortController();
  const answers = open(leaving.signal)[Symbol.asyncIterator]();
  return {
    async next() {
      const result = await answers.next();
      if (!result.done && result.value.data === undefined) throw new Ended(result.value.errors ?? []);
      return result;
    },
    async return() {
      leaving.abort();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() { return this; },
  };
}
