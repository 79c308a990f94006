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
import type { Viewer } from '../../platform/viewer.ts';
import type { Suits } from '../edge/admit.ts';
import { mayBeUnasked, refuseForeignPages } from '../edge/media-type.ts';
import { bytesMaxFor, header, questionOf, readQuestion, requestOf, type Question } from '../edge/question.ts';
import { rateHeaders } from '../policy/spent.ts';
import type { StreamEdge } from './edge.ts';
import { told, type Told } from './ended.ts';
import { acceptsJson, formatFor, refusalOf, type Format } from './formats.ts';
import type { Asking, Client, Opened, Streams } from './streams.ts';

export interface StreamRoute {
  /** `asking` when it was admitted already. */
  route(request: IncomingMessage, response: ServerResponse, url: URL, asking?: Asking): Promise<void>;
  /** It would read a stream. */
  mayTake(request: IncomingMessage): boolean;
  /** It would read nothing else. */
  wants(request: IncomingMessage): boolean;
  stop(): Promise<void>;
}

/** How long a client that was told why it ends may take to read it. */
const GOODBYE_MS = 10_000;

interface Arrived { request: IncomingMessage; response: ServerResponse; url: URL }

export function streamRoute(edge: StreamEdge & { streams: Streams }): StreamRoute {
  const { settings, log } = edge;
  const trusted = proxyAddr.compile(settings.TRUST_PROXY);
  const bodies = new Set<Body>();
  const beats = loop({ name: 'stream heartbeats', everyMs: settings.STREAM_PING_MS, log, round: async () => { for (const body of bodies) body.beat(); } });

  const answer = async ({ request, response, url }: Arrived, info: RequestInfo, asking?: Asking): Promise<void> => {
    const format = formatFor(request.headers.accept ?? '')!;
    const from = clientOf(request, info);
    let opened: Opened;
    try {
      opened = await (asking ? edge.streams.goOn(asking, from, info) : edge.streams.open(from, info, (viewer) => read(request, url, viewer), suitsStream(request)));
    } catch (error) {
      return refuse(told(error, info, log), { format, request, response });
    }
    const body = new Body(response, format);
    bodies.add(body);
    try {
      if (opened.kind === 'subscription') await opened.follow({ transport: format.transport, send: (payload) => body.send(format.next(payload)), abandon: () => undefined, signal: body.signal });
      else await body.send(format.next(await opened.answer(body.signal)));
      body.end('');
    } catch (error) {
      body.end(format.failed(told(error, info, log)));
    } finally {
      bodies.delete(body);
    }
  };

  const mayTake = ({ method, headers: { accept = '' } }: IncomingMessage): boolean => formatFor(accept) !== null && (method === 'GET' || method === 'POST');
  return {
    mayTake,
    wants: (request) => mayTake(request) && !acceptsJson(request.headers.accept ?? ''),
    async route(request, response, url, asking) {
      const info = requestOf(request, trusted);
      response.setHeader(REQUEST_HEADERS.requestId, info.requestId);
      await withRequest(info, () => answer({ request, response, url }, info, asking));
    },
    stop: () => beats.stop(),
  };
}

const clientOf = (request: IncomingMessage, { address }: RequestInfo): Client => ({
  credentials: { authorization: header(request, 'authorization'), tenant: header(request, 'atlas-tenant'), address },
  said: (name) => header(request, name),
});

function read(request: IncomingMessage, url: URL, viewer: Viewer): Question | Promise<Question> {
  refuseForeignPages(request);
  return request.method === 'GET' ? questionOf(url) : readQuestion(request, bytesMaxFor(viewer));
}

const suitsStream = ({ method }: IncomingMessage): Suits => ({ operation }) => {
  if (method === 'GET' && operation === 'mutation') throw new AtlasError('METHOD_NOT_ALLOWED', 'GET is for queries and subscriptions; send a mutation with POST.');
};

function refuse(refusal: Told, { format, request, response }: { format: Format; request: IncomingMessage; response: ServerResponse }): void {
  const { status, retryAfterSeconds } = refusal.error.extensions;
  if (!request.complete) response.setHeader('connection', 'close');
  // A browser comes again and again for a stream that ends: who was led here by a page of another site gets none.
  if (status === 400 && format.transport === 'sse' && !mayBeUnasked(request)) return new Body(response, format).end(format.failed(refusal));
  sendJson(response, status, refusalOf(refusal), {
    ...(refusal.bill?.state && rateHeaders(refusal.bill.state)),
    ...(retryAfterSeconds && { 'retry-after': String(retryAfterSeconds) }),
    ...(status === 405 && { allow: 'GET, POST' }),
  });
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
