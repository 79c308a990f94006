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
import type { WriteTokens } from '../platform/write-token.ts';
import { suggestsTo, type Admit, type Ready, type Suits } from './edge/admit.ts';
import type { Apollo } from './edge/apollo.ts';
import { spoken } from './edge/mask.ts';
import { acceptedType, answerType, refuseForeignPages, statusOf, type AnswerType } from './edge/media-type.ts';
import { acceptsParts, breakOff, sendInParts } from './edge/parts.ts';
import { planFor } from './edge/query-plan.ts';
import { bytesMaxFor, carried, header, questionOf, readQuestion, requestOf, type Question } from './edge/question.ts';
import { within } from './edge/within.ts';
import { writtenBy } from './edge/written.ts';
import type { Asked, Executor } from './executor.ts';
import type { StreamDoors } from './streams/index.ts';
import type { Authenticate } from './policy/authenticate.ts';
import { unspent, type Bill, type Came, type Tills } from './policy/charge.ts';
import { rateHeaders, withExtensions } from './policy/spent.ts';

interface Edge extends Tills {
  settings: Settings;
  /** Whether GraphiQL is open, and with it the plans of queries. */
  graphiql: boolean;
  /** Where a subscription goes whose client reads streams. */
  streams: Pick<StreamDoors, 'mayTake' | 'route'>;
  executor: Pick<Executor, 'answerInParts'>;
  apollo: Apollo;
  authenticate: Authenticate;
  admit: Admit;
  /** Whether callers pay for what they ask, and are told. */
  charges: boolean;
  log: Log;
  /** Seals what a write told; not where there are no accounts. */
  writes?: WriteTokens;
  bodyBytesMax?: number;
  /** Headers that travel on to subgraphs: only without viewers of Atlas. */
  forward?: readonly string[];
}

interface Arrived { request: IncomingMessage; response: ServerResponse; url: URL; info: RequestInfo; viewer: Viewer | null }
interface Asking { viewer: Viewer; question: Question }
type Outcome = 'ok' | 'errors';

export function graphqlRoute(edge: Edge): Route {
  const trusted = proxyAddr.compile(edge.settings.TRUST_PROXY);
  return async (request, response, url) => {
    const info = requestOf(request, trusted, edge.settings.REQUEST_TIMEOUT_MS);
    response.setHeader(REQUEST_HEADERS.requestId, info.requestId);
    const done = requestSeconds.startTimer({ service: 'gateway' });
    const arrived: Arrived = { request, response, url, info, viewer: null };
    await withRequest(info, () => inSpan(`${request.method} /graphql`, { kind: 'server', parent: header(request, 'traceparent') }, async () => {
      try {
        done({ outcome: await answer(edge, arrived) });
      } catch (error) {
        done({ outcome: 'refused' });
        await refuse(edge, arrived, error);
      }
    }));
  };
}

async function answer(edge: Edge, arrived: Arrived): Promise<Outcome> {
  const { request, response, url, info } = arrived;
  await edge.rate.admit(info.address);
  const type = acceptedType(request);
  const refused = async (error: unknown): Promise<never> => {
    await edge.rate.refused(info.address);
    throw error;
  };
  const asking = await read(edge, arrived).catch(refused);
  const { viewer, question } = asking;
  const admitted = await edge.admit(question, viewer, info.address, suits(edge, request)).catch(refused);
  if (admitted.operation.operation === 'subscription') {
    await edge.streams.route(request, response, url, { ...asking, admitted });
    return 'ok';
  }
  const preparing = admitted.prepare();
  const ready = await within(edge.settings.REQUEST_TIMEOUT_MS, new Gone(), preparing).catch((error: unknown) => {
    preparing.then(({ abandon }) => abandon(), () => undefined);
    return refused(error);
  });
  return run(edge, arrived, { ...asking, type, text: admitted.text, ready });
}

/** Who asks, and what. */
async function read(edge: Edge, arrived: Arrived): Promise<Asking> {
  const { request, url, info } = arrived;
  if (request.method !== 'POST' && request.method !== 'GET') throw new AtlasError('METHOD_NOT_ALLOWED');
  refuseForeignPages(request);
  const viewer = await edge.authenticate({ authorization: header(request, 'authorization'), tenant: header(request, 'atlas-tenant'), address: info.address });
  Object.assign(info, { tenantId: viewer.tenantId, principal: viewer.id, suggests: suggestsTo(viewer, edge.settings) });
  arrived.viewer = viewer;
  const question = request.method === 'GET' ? questionOf(url) : await readQuestion(request, edge.bodyBytesMax ?? bytesMaxFor(viewer));
  return { viewer, question };
}

const suits = ({ streams }: Edge, request: IncomingMessage): Suits => ({ operation }) => {
  if (operation === 'subscription' && !streams.mayTake(request)) throw new AtlasError('BAD_REQUEST', 'Subscriptions are not answered over a plain HTTP request.');
  if (operation === 'mutation' && request.method === 'GET') throw new AtlasError('METHOD_NOT_ALLOWED', 'GET is for queries; send a mutation with POST.');
};

interface Paid extends Asking { type: AnswerType; text: string; ready: Ready }

async function run(edge: Edge, { request, response }: Arrived, { viewer, question, type, text, ready: { prepared, withheld, bill } }: Paid): Promise<Outcome> {
  const gone = new Gone();
  response.once('close', () => { if (!response.writableFinished) gone.abort(); });
  let billed: Bill | null = null;
  const settled = async (came: Came): Promise<Record<string, unknown>> => {
    // Who leaves just before the answer has had all the work of it done.
    billed = await bill(gone.aborted ? null : came);
    return billed ? { cost: billed.extension } : {};
  };
  const extensions = async (came: Came) => ({ ...await settled(came), ...writtenBy(viewer, edge.writes), ...planFor(request, edge.graphiql, prepared) });
  const asked: Asked = { variables: question.variables, caller: { viewer, ...(edge.forward && { headers: chosen(request, edge.forward) }) }, signal: gone, ...withheld };
  const timely = <T>(work: Promise<T>) => within(edge.settings.REQUEST_TIMEOUT_MS, gone, work);
  if (prepared.defers && acceptsParts(request)) return timely(sendInParts({ response, parts: edge.executor.answerInParts(prepared, asked), signal: gone, settle: extensions }));

  const { status, headers, body } = await timely(edge.apollo.answer({ headers: headersOf(request), ...carried(request.method!, text, question) }, { prepared, text, asked, extensions }));
  // What was refused on the way ran nothing, and costs no more than that it came.
  const said = Buffer.from(edge.charges && !billed ? withExtensions(body, await settled({ points: 0 })) : body);
  response.writeHead(status === 200 ? 200 : statusOf(type, status, codeIn(body)), { ...Object.fromEntries(headers), ...headersFor(billed), 'content-type': type.contentType, 'content-length': said.length });
  response.end(said);
  return status === 200 ? 'ok' : 'errors';
}

async function refuse(edge: Edge, { request, response, info, viewer }: Arrived, error: unknown): Promise<void> {
  const shown = toPublic(error, info.requestId);
  if (shown.extensions.status === 500) edge.log.error({ err: error }, 'A request failed.');
  errorsTotal.inc({ service: 'gateway', code: shown.extensions.code });
  if (response.headersSent) return breakOff(response, shown);
  const { retryAfterSeconds, code, status } = shown.extensions;
  const type = answerType(request);
  // What is left of an unread body would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close');
  const bill = edge.charges ? await unspent(edge, error, viewer && { viewer, address: info.address }) : null;
  const errors = faultsOf(error).map((fault) => ({ ...shown, ...fault, message: spoken(code, fault.message ?? shown.message) }));
  sendJson(response, statusOf(type, status, code), { errors, ...(bill && { extensions: { cost: bill.extension } }) }, {
    ...headersFor(bill),
    ...(type && { 'content-type': type.contentType }),
    ...(retryAfterSeconds && { 'retry-after': String(retryAfterSeconds) }),
    ...(code === 'METHOD_NOT_ALLOWED' && { allow: 'GET, POST' }),
  });
}

const headersFor = (bill: Bill | null): Record<string, string> => (bill?.state ? rateHeaders(bill.state) : {});

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
