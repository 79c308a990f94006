/**
 * The edge: one HTTP request in, one answer out. In order: who asks, how much they may send, what the document may ask
 * for, what it costs; only then is anything planned. Whatever goes wrong leaves as a code and a sentence.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap } from '@apollo/server';
import proxyAddr from 'proxy-addr';
import type { Settings } from '../platform/config.ts';
import { AtlasError, toPublic, type Fault } from '../platform/errors.ts';
import { Gone } from '../platform/gone.ts';
import type { Log } from '../platform/log.ts';
import { REQUEST_HEADERS, withRequest, type RequestInfo } from '../platform/request.ts';
import { sendJson, type Route } from '../platform/serve.ts';
import { errorsTotal, requestSeconds } from '../platform/telemetry/metrics.ts';
import { inSpan } from '../platform/telemetry/trace.ts';
import type { Viewer } from '../platform/viewer.ts';
import { suggestsTo, type Admit, type Admitted, type Ready } from './edge/admit.ts';
import type { Apollo } from './edge/apollo.ts';
import { spoken } from './edge/mask.ts';
import { acceptedType, answerType, refuseForeignPages, statusOf } from './edge/media-type.ts';
import { acceptsParts, breakOff, sendInParts } from './edge/parts.ts';
import { planFor } from './edge/query-plan.ts';
import { bytesMaxFor, carried, header, questionOf, readQuestion, requestOf, type Question } from './edge/question.ts';
import type { Executor } from './executor.ts';
import type { StreamDoors } from './streams/index.ts';
import type { Authenticate } from './policy/authenticate.ts';
import type { Bill } from './policy/charge.ts';
import { RateRefusal, type Rate } from './policy/rate.ts';
import { costExtension, rateHeaders, withExtensions } from './policy/spent.ts';

interface Edge {
  settings: Settings;
  /** Whether GraphiQL is open, and with it the plans of queries. */
  graphiql: boolean;
  /** Where a subscription goes whose client reads streams. */
  streams: Pick<StreamDoors, 'mayTake' | 'route'>;
  executor: Pick<Executor, 'answerInParts'>;
  apollo: Apollo;
  authenticate: Authenticate;
  admit: Admit;
  rate: Rate;
  /** Whether callers pay for what they ask, and are told. */
  charges: boolean;
  log: Log;
  bodyBytesMax?: number;
  /** Headers that travel on to subgraphs: only without viewers of Atlas. */
  forward?: readonly string[];
}

interface Asking { viewer: Viewer; question: Question }
/** What an answer to a refusal knows of its request. */
interface Known { viewer?: Viewer }

export function graphqlRoute(edge: Edge): Route {
  const trusted = proxyAddr.compile(edge.settings.TRUST_PROXY);

  /** Who asks, and what. */
  const read = async (request: IncomingMessage, url: URL, info: RequestInfo, known: Known): Promise<Asking> => {
    if (request.method !== 'POST' && request.method !== 'GET') throw new AtlasError('METHOD_NOT_ALLOWED');
    refuseForeignPages(request);
    const viewer = await edge.authenticate({ authorization: header(request, 'authorization'), tenant: header(request, 'atlas-tenant'), address: info.address });
    Object.assign(info, { tenantId: viewer.tenantId, principal: viewer.id, suggests: suggestsTo(viewer, edge.settings) });
    known.viewer = viewer;
    const question = request.method === 'GET' ? questionOf(url) : await readQuestion(request, edge.bodyBytesMax ?? bytesMaxFor(viewer));
    return { viewer, question };
  };

  /** Everything that is decided before anything runs; whoever is refused here has paid nothing yet. */
  const admit = async (request: IncomingMessage, info: RequestInfo, { viewer, question }: Asking): Promise<{ admitted: Admitted; ready: Ready }> => {
    const admitted = await edge.admit(question, viewer, info.address);
    const { operation } = admitted;
    if (operation.operation === 'subscription') throw new AtlasError('BAD_REQUEST', 'Subscriptions are not answered over a plain HTTP request.');
    if (request.method === 'GET' && operation.operation !== 'query') throw new AtlasError('METHOD_NOT_ALLOWED', 'GET is for queries; send a mutation with POST.');
    return { admitted, ready: await within(edge.settings.REQUEST_TIMEOUT_MS, new Gone(), admitted.prepare()) };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, url: URL, info: RequestInfo, known: Known): Promise<'ok' | 'errors'> => {
    await edge.rate.admit(info.address);
    const type = acceptedType(request);
    const refused = async (error: unknown): Promise<never> => {
      await edge.rate.refused(info.address);
      throw error;
    };
    const asking = await read(request, url, info, known).catch(refused);
    const { viewer, question } = asking;
    if (edge.streams.mayTake(request) && maySubscribe(question)) {
      await edge.streams.route(request, response, url, question);
      return 'ok';
    }
    const { admitted: { text }, ready: { prepared, withheld, bill } } = await admit(request, info, asking).catch(refused);
    const gone = new Gone();
    response.once('close', () => { if (!response.writableFinished) gone.abort(); });
    let billed: Bill | undefined;
    const settled = async (points: number): Promise<Record<string, unknown>> => {
      // Who leaves just before the answer has had all the work of it done.
      billed = await bill(gone.aborted ? null : points) ?? undefined;
      return billed ? { cost: billed.extension } : {};
    };
    const toAsk = { variables: question.variables, caller: { viewer, ...(edge.forward && { headers: chosen(request, edge.forward) }) }, signal: gone, ...withheld };
    if (prepared.defers && acceptsParts(request)) {
      return within(edge.settings.REQUEST_TIMEOUT_MS, gone, sendInParts({
        response, parts: edge.executor.answerInParts(prepared, toAsk), signal: gone,
        settle: async (points) => ({ ...await settled(points), ...planFor(request, edge.graphiql, prepared) }),
      }));
    }
    const { status, headers, body } = await within(edge.settings.REQUEST_TIMEOUT_MS, gone, edge.apollo.answer(
      { headers: headersOf(request), ...carried(request.method!, text, question) },
      {
        prepared, text,
        asked: toAsk,
        extensions: async (points) => ({ ...await settled(points), ...planFor(request, edge.graphiql, prepared) }),
      }));
    // What was refused on the way ran nothing, and costs no more than that it came.
    const said = Buffer.from(edge.charges && !billed ? withExtensions(body, await settled(0)) : body);
    response.writeHead(status === 200 ? 200 : statusOf(type, status, codeIn(body)), { ...Object.fromEntries(headers), ...headersFor(billed), 'content-type': type.contentType, 'content-length': said.length });
    response.end(said);
    return status === 200 ? 'ok' : 'errors';
  };

  return async (request, response, url) => {
    const info = requestOf(request, trusted, edge.settings.REQUEST_TIMEOUT_MS);
    response.setHeader(REQUEST_HEADERS.requestId, info.requestId);
    const done = requestSeconds.startTimer({ service: 'gateway' });
    const known: Known = {};
    await withRequest(info, () => inSpan(`${request.method} /graphql`, { kind: 'server', parent: header(request, 'traceparent') }, async () => {
      try {
        done({ outcome: await answer(request, response, url, info, known) });
      } catch (error) {
        const shown = toPublic(error, info.requestId);
        if (shown.extensions.status === 500) edge.log.error({ err: error }, 'A request failed.');
        errorsTotal.inc({ service: 'gateway', code: shown.extensions.code });
        done({ outcome: 'refused' });
        if (response.headersSent) return breakOff(response, shown);
        const { retryAfterSeconds, code, status } = shown.extensions;
        const type = answerType(request);
        // What is left of an unread body would be taken for the next request.
        if (!request.complete) response.setHeader('connection', 'close');
        const state = error instanceof RateRefusal ? error.state : edge.charges && known.viewer ? await edge.rate.look(known.viewer, info.address) : null;
        const errors = faultsOf(error).map((fault) => ({ ...shown, ...fault, message: spoken(code, fault.message ?? shown.message) }));
        sendJson(response, statusOf(type, status, code), { errors, ...(edge.charges && { extensions: { cost: costExtension(0, 0, state) } }) }, {
          ...(state && rateHeaders(state)),
          ...(type && { 'content-type': type.contentType }),
          ...(retryAfterSeconds && { 'retry-after': String(retryAfterSeconds) }),
          ...(code === 'METHOD_NOT_ALLOWED' && { allow: 'GET, POST' }),
        });
      }
    }));
  };
}

/** By its text it may be a subscription; what is only named may be one too. */
const maySubscribe = ({ named }: Question): boolean => named.query === null || /\bsubscription\b/.test(named.query);

const headersFor = (bill: Bill | undefined): Record<string, string> => (bill ? rateHeaders(bill.state) : {});

function chosen(request: IncomingMessage, names: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of names) {
    const value = header(request, name);
    if (value !== null) headers[name] = value;
  }
  return headers;
}

/** What the answer's first error is, of the few answers that say with their status that they are one. */
const codeIn = (body: string): unknown => (JSON.parse(body) as { errors?: { extensions?: { code?: unknown } }[] }).errors?.[0]?.extensions?.code;

function headersOf(request: IncomingMessage): HeaderMap {
  // Pages of other sites were refused above, and the media type is chosen there too.
  const headers = new HeaderMap([['apollo-require-preflight', '1']]);
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  return headers;
}

/** Everything that is wrong with a document is said at once. */
const faultsOf = (error: unknown): readonly Partial<Fault>[] => (error instanceof AtlasError && error.faults) || [{}];

/** Past its time nobody waits for it any more. */
async function within<T>(ms: number, gone: Gone, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => { reject(new AtlasError('DEADLINE_EXCEEDED')); gone.abort(); }, ms); });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
