/**
 * The edge: one HTTP request in, one answer out. In order: who asks, how much they may send, what the document may ask
 * for, what it costs; only then is anything planned. Whatever goes wrong leaves as a code and a sentence.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap } from '@apollo/server';
import proxyAddr from 'proxy-addr';
import type { Settings } from '../platform/config.ts';
import { documentCache } from '../platform/document-cache.ts';
import { AtlasError, toPublic } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import { REQUEST_HEADERS, withRequest, type RequestInfo } from '../platform/request.ts';
import { readBody, sendJson, type Route } from '../platform/serve.ts';
import { errorsTotal, requestSeconds } from '../platform/telemetry/metrics.ts';
import { inSpan } from '../platform/telemetry/trace.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { Executor } from './execute.ts';
import { spoken } from './mask.ts';
import type { Authenticate } from './policy/authenticate.ts';
import { charge, requestedCost, settle, type Bill, type Charge } from './policy/charge.ts';
import { countAnswer } from './policy/count.ts';
import { namedBy, type Documents, type Named } from './policy/documents.ts';
import { introspection, schemaAnswer } from './policy/introspection.ts';
import type { Lifted } from './policy/lift.ts';
import { limit, readDocument } from './policy/limits.ts';
import { RateRefusal, type Rate, type RateState } from './policy/rate.ts';
import { costExtension, rateHeaders, withExtensions } from './policy/spent.ts';
import { refuseUncleanVariables } from './policy/text.ts';
import { weightsOf } from './policy/weights.ts';

const STRANGER_BYTES_MAX = 1_000_000;
const KNOWN_BYTES_MAX = 16_000_000;
const DOCUMENTS_BYTES_MAX = 64_000_000;

interface Edge {
  settings: Settings;
  executor: Executor;
  /** Who may have what, and what it is worth. */
  lifted: Lifted;
  documents: Documents;
  authenticate: Authenticate;
  rate: Rate;
  log: Log;
  /** What this request has spent, for `rateLimit` and for whoever asks later. */
  spent: WeakMap<object, RateState>;
}

interface Question { named: Named; variables: Record<string, unknown>; operationName: string | null }
interface Admitted { viewer: Viewer; read: ReturnType<typeof readDocument>; query: string; question: Question; introspects: 'no' | 'also' | 'only'; charge: Charge }

export function graphqlRoute(edge: Edge): Route {
  const documents = documentCache<ReturnType<typeof readDocument>>(DOCUMENTS_BYTES_MAX);
  const trusted = proxyAddr.compile(edge.settings.TRUST_PROXY);

  /** Everything that is decided before anything runs; whoever is refused here has paid nothing yet. */
  const admit = async (request: IncomingMessage, url: URL, info: RequestInfo, known: { viewer?: Viewer }): Promise<Admitted> => {
    if (request.method !== 'POST' && request.method !== 'GET') throw new AtlasError('METHOD_NOT_ALLOWED');
    const viewer = await edge.authenticate({ authorization: header(request, 'authorization'), tenant: header(request, 'atlas-tenant'), address: info.address });
    info.tenantId = viewer.tenantId;
    info.principal = viewer.id;
    // A key would be told of fields that it is not shown.
    info.suggests = viewer.kind === 'user' && !edge.settings.production;
    known.viewer = viewer;
    const question = request.method === 'GET' ? questionOf(url) : await readQuestion(request, viewer.kind === 'anonymous' ? STRANGER_BYTES_MAX : KNOWN_BYTES_MAX);
    refuseUncleanVariables(question.variables);

    const meant = await edge.documents.meant(question.named, viewer);
    const name = `${question.operationName ?? ''}\n${meant.text}`;
    const read = documents.get(name) ?? readDocument(meant.text, question.operationName);
    const asked = limit(edge.executor.schema(), read.document, read.operation, question.variables);
    const introspects = introspection(edge.settings, viewer, read);
    if (asked.operation.operation === 'subscription') throw new AtlasError('BAD_REQUEST', 'Subscriptions are not answered over a plain HTTP request.');
    if (request.method === 'GET' && asked.operation.operation !== 'query') throw new AtlasError('METHOD_NOT_ALLOWED', 'GET is for queries; send a mutation with POST.');
    const requested = requestedCost({ schema: edge.executor.schema(), ...read }, edge.lifted.costs, question.variables);
    const charged = await charge(edge.rate, { viewer, address: info.address }, requested);
    edge.spent.set(viewer, charged.state);
    // Only what has kept within its limits and been paid for is remembered.
    documents.set(name, read);
    await meant.keep();
    return { viewer, read, query: meant.text, question, introspects, charge: charged };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, url: URL, info: RequestInfo, known: { viewer?: Viewer }): Promise<'ok' | 'errors'> => {
    await edge.rate.admit(info.address);
    const asked = await admit(request, url, info, known).catch(async (error: unknown) => {
      await edge.rate.refused(info.address);
      throw error;
    });
    const { viewer, query, question: { variables, operationName } } = asked;
    const { status, headers, body } = asked.introspects === 'only'
      ? { status: 200, headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }, body: JSON.stringify(schemaAnswer({ schema: edge.executor.schema(), viewer, requirements: edge.lifted.requirements, ...asked.read, variables })) }
      : await within(edge.settings.REQUEST_TIMEOUT_MS, edge.executor.run({ method: request.method!, headers: headersOf(request), ...carried(request, { query, variables, operationName }) }, { viewer }));
    const { extension, state } = await bill(asked, info.address, body);
    const text = withExtensions(body, { cost: extension });
    response.writeHead(status, { ...(headers instanceof Map ? Object.fromEntries(headers) : headers), ...rateHeaders(state), 'content-length': Buffer.byteLength(text) });
    response.end(text);
    return status === 200 ? 'ok' : 'errors';
  };

  /** What the answer was worth, and what is given back of what was taken for it. */
  const bill = ({ viewer, read, charge: charged }: Admitted, address: string | null, body: string): Promise<Bill> => {
    const schema = edge.executor.schema();
    const { data } = JSON.parse(body) as { data?: Record<string, unknown> | null };
    return settle(edge.rate, { viewer, address }, charged, countAnswer({ schema, weights: weightsOf(schema, edge.lifted.costs), ...read, data }));
  };

  return async (request, response, url) => {
    const info = requestOf(request, trusted);
    response.setHeader(REQUEST_HEADERS.requestId, info.requestId);
    const done = requestSeconds.startTimer({ service: 'gateway' });
    const known: { viewer?: Viewer } = {};
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
        const state = error instanceof RateRefusal ? error.state : known.viewer ? await edge.rate.look(known.viewer, info.address) : null;
        const told = { ...shown, message: spoken(shown.extensions.code, shown.message) };
        sendJson(response, shown.extensions.status, { errors: [told], extensions: { cost: costExtension(0, 0, state) } }, {
          ...(state && rateHeaders(state)),
          ...(retryAfterSeconds && { 'retry-after': String(retryAfterSeconds) }),
          ...(shown.extensions.code === 'METHOD_NOT_ALLOWED' && { allow: 'GET, POST' }),
        });
      }
    }));
  };
}

async function readQuestion(request: IncomingMessage, bytesMax: number): Promise<Question> {
  const type = header(request, 'content-type') ?? '';
  if (!/^application\/(json|graphql\+json)\b/i.test(type)) throw new AtlasError('BAD_REQUEST', 'Send the request as JSON with `Content-Type: application/json`.');
  const text = await readBody(request, bytesMax);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw new AtlasError('BAD_REQUEST', 'The body is not JSON.', { cause });
  }
  if (Array.isArray(body)) throw new AtlasError('BATCHING_NOT_ALLOWED');
  return question(body);
}

function questionOf(url: URL): Question {
  const given = (name: string) => url.searchParams.get(name) ?? undefined;
  return question({ query: given('query'), documentId: given('documentId'), extensions: jsonOf(given('extensions'), 'extensions'), variables: jsonOf(given('variables'), 'variables'), operationName: given('operationName') });
}

function jsonOf(text: string | undefined, name: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch (cause) {
    throw new AtlasError('BAD_REQUEST', `\`${name}\` is not JSON.`, { cause });
  }
}

/** The request as its document was found, in the place where this method carries it. */
function carried(request: IncomingMessage, { query, variables, operationName }: { query: string; variables: Record<string, unknown>; operationName: string | null }): { search: string; body: unknown } {
  if (request.method !== 'GET') return { search: '', body: { query, variables, ...(operationName && { operationName }) } };
  return { search: `?${new URLSearchParams({ query, variables: JSON.stringify(variables), ...(operationName && { operationName }) }).toString()}`, body: undefined };
}

function question(body: unknown): Question {
  if (body === null || typeof body !== 'object') throw new AtlasError('BAD_REQUEST', 'The body is a JSON object with `query`.');
  const { variables, operationName } = body as Record<string, unknown>;
  if (variables !== undefined && variables !== null && (typeof variables !== 'object' || Array.isArray(variables))) throw new AtlasError('BAD_REQUEST', '`variables` is an object.');
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') throw new AtlasError('BAD_REQUEST', '`operationName` is text.');
  return { named: namedBy(body as Record<string, unknown>), variables: (variables ?? {}) as Record<string, unknown>, operationName: (operationName as string | null | undefined) || null };
}

function requestOf(request: IncomingMessage, trusted: (address: string, hop: number) => boolean): RequestInfo {
  const given = header(request, REQUEST_HEADERS.requestId);
  return {
    requestId: given && /^[\w.:-]{8,64}$/.test(given) ? given : newId('req'),
    address: proxyAddr(request, trusted)?.replace(/^::ffff:/, '') ?? null,
    userAgent: header(request, 'user-agent')?.slice(0, 300) ?? null,
    idempotencyKey: header(request, REQUEST_HEADERS.idempotencyKey),
  };
}

const header = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
};

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  return headers;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new AtlasError('DEADLINE_EXCEEDED')), ms); });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
