/**
 * A stream as the body of an HTTP answer. Who may not ask at all gets a plain status; what is wrong with the document is
 * said in the stream to readers of event streams, which cannot see the body of a refusal.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import proxyAddr from 'proxy-addr';
import { AtlasError } from '../../platform/errors.ts';
import { loop } from '../../platform/loop.ts';
import { REQUEST_HEADERS, withRequest, type RequestInfo } from '../../platform/request.ts';
import { sendJson } from '../../platform/serve.ts';
import { bytesMaxFor, header, questionOf, readQuestion, requestOf, type Question } from '../edge/question.ts';
import { acceptsJson, formatFor, type Format } from './formats.ts';
import { shown, type Opened, type StreamEdge, type Streams } from './streams.ts';

export interface StreamRoute {
  /** `asked` when the body has been read already. */
  route(request: IncomingMessage, response: ServerResponse, url: URL, asked?: Question): Promise<void>;
  /** It would read a stream. */
  mayTake(request: IncomingMessage): boolean;
  /** It would read nothing else. */
  wants(request: IncomingMessage): boolean;
  stop(): Promise<void>;
}

/** How long a client that was told why it ends may take to read it. */
const GOODBYE_MS = 10_000;

export function streamRoute(edge: StreamEdge & { streams: Streams }): StreamRoute {
  const { settings, log } = edge;
  const trusted = proxyAddr.compile(settings.TRUST_PROXY);
  const bodies = new Set<Body>();
  const beats = loop({ name: 'stream heartbeats', everyMs: settings.STREAM_PING_MS, log, round: async () => { for (const body of bodies) body.beat(); } });

  const answer = async (request: IncomingMessage, response: ServerResponse, url: URL, info: RequestInfo, asked?: Question): Promise<void> => {
    const format = formatFor(request.headers.accept ?? '')!;
    let opened: Opened;
    try {
      opened = await open(edge, request, url, info, asked);
    } catch (error) {
      return refuse(error, { format, request, response, info, edge });
    }
    if (opened.prepared.kind !== 'subscription' && acceptsJson(request.headers.accept ?? '')) return answerOnce(response, opened);

    const body = new Body(response, format);
    bodies.add(body);
    try {
      if (opened.prepared.kind === 'subscription') await opened.follow({ transport: format.transport, send: (payload) => body.send(format.next(payload)), abandon: () => undefined, signal: body.signal });
      else await body.send(format.next(await opened.answer(body.signal)));
      body.end('');
    } catch (error) {
      body.end(format.failed([shown(error, info, log)]));
    } finally {
      bodies.delete(body);
    }
  };

  const mayTake = ({ method, headers: { accept = '' } }: IncomingMessage): boolean => formatFor(accept) !== null && (method === 'GET' || method === 'POST');
  return {
    mayTake,
    wants: (request) => mayTake(request) && !acceptsJson(request.headers.accept ?? ''),
    async route(request, response, url, asked) {
      const info = requestOf(request, trusted);
      response.setHeader(REQUEST_HEADERS.requestId, info.requestId);
      await withRequest(info, () => answer(request, response, url, info, asked));
    },
    stop: () => beats.stop(),
  };
}

async function open(edge: StreamEdge & { streams: Streams }, request: IncomingMessage, url: URL, info: RequestInfo, asked?: Question): Promise<Opened> {
  const credentials = { authorization: header(request, 'authorization'), tenant: header(request, 'atlas-tenant'), address: info.address };
  const opened = await edge.streams.open({ credentials, said: (name) => header(request, name) }, info, (viewer) => asked ?? (request.method === 'GET' ? questionOf(url) : readQuestion(request, bytesMaxFor(viewer))));
  if (request.method === 'GET' && opened.prepared.kind === 'mutation') throw new AtlasError('METHOD_NOT_ALLOWED', 'GET is for queries and subscriptions; send a mutation with POST.');
  return opened;
}

function refuse(error: unknown, given: { format: Format; request: IncomingMessage; response: ServerResponse; info: RequestInfo; edge: StreamEdge }): void {
  const { format, request, response } = given;
  const said = shown(error, given.info, given.edge.log);
  const { status, retryAfterSeconds } = said.extensions;
  if (!request.complete) response.setHeader('connection', 'close');
  if (status === 400 && format.transport === 'sse') return new Body(response, format).end(format.failed([said]));
  sendJson(response, status, { errors: [said] }, {
    ...(retryAfterSeconds && { 'retry-after': String(retryAfterSeconds) }),
    ...(status === 405 && { allow: 'GET, POST' }),
  });
}

async function answerOnce(response: ServerResponse, opened: Opened): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  const text = await opened.answer(left.signal);
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

class Body {
  private readonly left = new AbortController();
  private quiet = true;
  /** Aborts when the client has left. */
  readonly signal = this.left.signal;

  constructor(private readonly response: ServerResponse, private readonly format: Format) {
    // `no-transform` and the other: a proxy that collects what passes through it would keep events from their reader.
    response.writeHead(200, { 'content-type': format.contentType, 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' });
    response.write(format.begin);
    response.once('close', () => this.left.abort());
  }

  /** Resolves when the network has room for more, or there is nobody to send to. */
  async send(text: string): Promise<void> {
    this.quiet = false;
    if (this.signal.aborted || this.response.write(text)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.response.off('drain', done);
        this.signal.removeEventListener('abort', done);
        resolve();
      };
      this.response.once('drain', done);
      this.signal.addEventListener('abort', done, { once: true });
    });
  }

  beat(): void {
    // To whoever takes nothing, nothing is added.
    if (this.quiet && !this.response.writableNeedDrain) this.response.write(this.format.beat);
    this.quiet = true;
  }

  end(last: string): void {
    if (this.signal.aborted) return;
    this.response.end(last + this.format.end);
    const { response } = this;
    setTimeout(() => { if (!response.writableFinished) response.destroy(); }, GOODBYE_MS).unref();
  }
}
