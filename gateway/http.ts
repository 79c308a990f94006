/**
 * The edge: one HTTP request in, one answer out. In order: who asks, how much they may send, what the document may ask
 * for, what it costs; only then is anything planned. Whatever goes wrong leaves as a code and a sentence.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap } from '@apollo/server';
import proxyAddr from 'proxy-addr';
import type { Settings } from '../platform/config.ts';
import { documentCache } from '../platform/document-cache.ts';
import { AtlasError, toPublic, type Fault } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import { REQUEST_HEADERS, withRequest, type RequestInfo } from '../platform/request.ts';
import { sendJson, type Route } from '../platform/serve.ts';
import { errorsTotal, requestSeconds } from '../platform/telemetry/metrics.ts';
import { inSpan } from '../platform/telemetry/trace.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { Apollo } from './apollo.ts';
import type { Asked, Executor, Prepared } from './executor.ts';
import { spoken } from './mask.ts';
import type { Authenticate } from './policy/authenticate.ts';
import { charge, requestedCost, settle, type Bill, type Charge } from './policy/charge.ts';
import { textOf, type Documents, type Meant } from './policy/documents.ts';
import { refuseIntrospection } from './policy/introspection.ts';
import type { Lifted } from './policy/lift.ts';
import { limit, readDocument, type Limits } from './policy/limits.ts';
import { RateRefusal, type Rate, type RateState } from './policy/rate.ts';
import { refusals } from './policy/scopes.ts';
import { costExtension, rateHeaders, withExtensions } from './policy/spent.ts';
import { refuseUncleanVariables } from './policy/text.ts';
import { visibleSchema } from './policy/visible.ts';
import { carried, questionOf, readQuestion, type Question } from './question.ts';

const STRANGER_BYTES_MAX = 1_000_000;
const KNOWN_BYTES_MAX = 16_000_000;
const DOCUMENTS_BYTES_MAX = 64_000_000;

interface Edge {
  settings: Settings;
  executor: Executor;
  apollo: Apollo;
  authenticate: Authenticate;
  rate: Rate;
  log: Log;
  /** Who may have what and what it costs, by the supergraph that is served, and which documents are known: without viewers of Atlas nobody asks. */
  policy?: { lifted: () => Lifted; documents: Documents };
  /** What this request has spent, for `rateLimit` and for whoever asks later. */
  spent: WeakMap<object, RateState>;
  /** What a document may ask for, where it is not what Atlas's own clients may. */
  limits?: Limits;
  bodyBytesMax?: number;
  /** Headers that travel on to subgraphs: only without viewers of Atlas. */
  forward?: readonly string[];
}

interface Admitted { viewer: Viewer; prepared: Prepared; meant: Meant; question: Question; charge: Charge | null }

/** What an answer to a refusal knows of its request. */
interface Known { viewer?: Viewer }
const asksForSchema = (coordinates: ReadonlySet<string>): boolean => coordinates.has('Query.__schema') || coordinates.has('Query.__type');

export function graphqlRoute(edge: Edge): Route {
  const documents = documentCache<ReturnType<typeof readDocument>>(DOCUMENTS_BYTES_MAX);
  const trusted = proxyAddr.compile(edge.settings.TRUST_PROXY);

  /** Everything that is decided before anything runs; whoever is refused here has paid nothing yet. */
  const admit = async (request: IncomingMessage, url: URL, info: RequestInfo, known: Known): Promise<Admitted> => {
    if (request.method !== 'POST' && request.method !== 'GET') throw new AtlasError('METHOD_NOT_ALLOWED');
    const viewer = await edge.authenticate({ authorization: header(request, 'authorization'), tenant: header(request, 'atlas-tenant'), address: info.address });
    info.tenantId = viewer.tenantId;
    info.principal = viewer.id;
    // A key would be told of fields that it is not shown.
    info.suggests = viewer.kind === 'user' && !edge.settings.production;
    known.viewer = viewer;
    const question = request.method === 'GET' ? questionOf(url) : await readQuestion(request, edge.bodyBytesMax ?? (viewer.kind === 'anonymous' ? STRANGER_BYTES_MAX : KNOWN_BYTES_MAX));
    refuseUncleanVariables(question.variables);

    const meant = edge.policy ? await edge.policy.documents.meant(question.named, viewer) : textOf(question.named);
    const name = `${question.operationName ?? ''}\n${meant.text}`;
    const read = documents.get(name) ?? readDocument(meant.text, question.operationName, edge.limits);
    const asked = limit(edge.executor.schema(), read.document, read.operation, question.variables, edge.limits);
    if (asked.introspects) refuseIntrospection(edge.settings, viewer);
    if (asked.operation.operation === 'subscription') throw new AtlasError('BAD_REQUEST', 'Subscriptions are not answered over a plain HTTP request.');
    if (request.method === 'GET' && asked.operation.operation !== 'query') throw new AtlasError('METHOD_NOT_ALLOWED', 'GET is for queries; send a mutation with POST.');
    const charged = await pay(viewer, info, read, question);
    // Only what has kept within its limits and been paid for is remembered.
    documents.set(name, read);
    const prepared = await edge.executor.prepare(meant.text, question.operationName).catch(async (error: unknown) => {
      if (charged) await edge.rate.giveBack(viewer, info.address, charged.state, charged.requested);
      throw error;
    });
    await meant.keep();
    return { viewer, prepared, meant, question, charge: charged };
  };

  const pay = async (viewer: Viewer, info: RequestInfo, read: ReturnType<typeof readDocument>, { variables }: Question): Promise<Charge | null> => {
    if (!edge.policy) return null;
    const requested = requestedCost({ schema: edge.executor.schema(), ...read }, edge.policy.lifted().costs, variables);
    const charged = await charge(edge.rate, { viewer, address: info.address }, requested);
    edge.spent.set(viewer, charged.state);
    return charged;
  };

  /** What of an operation its caller may not have, and what they may know of the schema. */
  const withheld = (viewer: Viewer, { coordinates, schema }: Prepared): Pick<Asked, 'refused' | 'introspects'> => {
    if (!edge.policy) return {};
    const { requirements } = edge.policy.lifted();
    const refused = refusals(coordinates, viewer, requirements);
    return { ...(refused.size > 0 && { refused }), ...(viewer.kind === 'key' && asksForSchema(coordinates) && { introspects: visibleSchema(schema, viewer, requirements) }) };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, url: URL, info: RequestInfo, known: Known): Promise<'ok' | 'errors'> => {
    await edge.rate.admit(info.address);
    const asked = await admit(request, url, info, known).catch(async (error: unknown) => {
      await edge.rate.refused(info.address);
      throw error;
    });
    const { viewer, prepared, question, meant, charge: charged } = asked;
    const gone = new AbortController();
    response.once('close', () => { if (!response.writableFinished) gone.abort(); });
    let bill: Bill | undefined;
    const settled = async (points: number): Promise<Record<string, unknown>> => {
      if (!charged) return {};
      bill = await settle(edge.rate, { viewer, address: info.address }, charged, points);
      return { cost: bill.extension };
    };
    const { status, headers, body } = await within(edge.settings.REQUEST_TIMEOUT_MS, edge.apollo.answer(
      { headers: headersOf(request), ...carried(request.method!, meant.text, question) },
      {
        prepared, text: meant.text, extensions: settled,
        asked: { variables: question.variables, caller: { viewer, ...(edge.forward && { headers: chosen(request, edge.forward) }) }, signal: gone.signal, ...withheld(viewer, prepared) },
      }));
    // What was refused on the way ran nothing, and costs no more than that it came.
    const text = charged && !bill ? withExtensions(body, await settled(0)) : body;
    response.writeHead(status, { ...Object.fromEntries(headers), ...(bill && rateHeaders(bill.state)), 'content-length': Buffer.byteLength(text) });
    response.end(text);
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
        if (shown.extensions.code === 'INTERNAL') edge.log.error({ err: error }, 'A request failed.');
        errorsTotal.inc({ service: 'gateway', code: shown.extensions.code });
        done({ outcome: 'refused' });
        const { retryAfterSeconds } = shown.extensions;
        // What is left of an unread body would be taken for the next request.
        if (!request.complete) response.setHeader('connection', 'close');
        const state = error instanceof RateRefusal ? error.state : known.viewer && edge.policy ? await edge.rate.look(known.viewer, info.address) : null;
        const errors = faultsOf(error).map((fault) => ({ ...shown, ...fault, message: spoken(shown.extensions.code, fault.message ?? shown.message) }));
        sendJson(response, shown.extensions.status, { errors, ...(edge.policy && { extensions: { cost: costExtension(0, 0, state) } }) }, {
          ...(state && rateHeaders(state)),
          ...(retryAfterSeconds && { 'retry-after': String(retryAfterSeconds) }),
          ...(shown.extensions.code === 'METHOD_NOT_ALLOWED' && { allow: 'GET, POST' }),
        });
      }
    }));
  };
}

function requestOf(request: IncomingMessage, trusted: (address: string, hop: number) => boolean, timeoutMs: number): RequestInfo {
  const given = header(request, REQUEST_HEADERS.requestId);
  return {
    requestId: given && /^[\w.:-]{8,64}$/.test(given) ? given : newId('req'),
    address: proxyAddr(request, trusted)?.replace(/^::ffff:/, '') ?? null,
    userAgent: header(request, 'user-agent')?.slice(0, 300) ?? null,
    idempotencyKey: header(request, REQUEST_HEADERS.idempotencyKey),
    deadlineAtMs: performance.now() + timeoutMs,
  };
}

const header = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
};

function chosen(request: IncomingMessage, names: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of names) {
    const value = header(request, name);
    if (value !== null) headers[name] = value;
  }
  return headers;
}

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  return headers;
}

/** Everything that is wrong with a document is said at once. */
const faultsOf = (error: unknown): readonly Partial<Fault>[] => (error instanceof AtlasError && error.faults) || [{}];

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new AtlasError('DEADLINE_EXCEEDED')), ms); });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
