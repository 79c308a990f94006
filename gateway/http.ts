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
import { readBody, sendJson, type Route } from '../platform/serve.ts';
import { errorsTotal, requestSeconds } from '../platform/telemetry/metrics.ts';
import { inSpan } from '../platform/telemetry/trace.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { Apollo } from './apollo.ts';
import type { Executor, Prepared } from './executor.ts';
import type { Authenticate } from './policy/authenticate.ts';
import { limit, readDocument, type Limits } from './policy/limits.ts';
import type { Rate, RateState } from './policy/rate.ts';
import { refuseUncleanVariables } from './policy/text.ts';

const STRANGER_BYTES_MAX = 1_000_000;
const KNOWN_BYTES_MAX = 16_000_000;
const DOCUMENTS_BYTES_MAX = 64_000_000;

interface Edge {
  settings: Settings;
  introspection: boolean;
  executor: Executor;
  apollo: Apollo;
  authenticate: Authenticate;
  rate: Rate;
  log: Log;
  /** What this request has spent, for `rateLimit` and for whoever asks later. */
  spent: WeakMap<object, RateState>;
  /** What a document may ask for, where it is not what Atlas's own clients may. */
  limits?: Limits;
  bodyBytesMax?: number;
  /** Headers that travel on to subgraphs: only without viewers of Atlas. */
  forward?: readonly string[];
}

interface Question { query: string; variables: Record<string, unknown>; operationName: string | null; body: unknown }

export function graphqlRoute(edge: Edge): Route {
  const documents = documentCache<ReturnType<typeof readDocument>>(DOCUMENTS_BYTES_MAX);
  const trusted = proxyAddr.compile(edge.settings.TRUST_PROXY);

  /** Everything that is decided before anything runs; whoever is refused here has paid nothing yet. */
  const admit = async (request: IncomingMessage, url: URL, info: RequestInfo): Promise<{ viewer: Viewer; prepared: Prepared; question: Question }> => {
    if (request.method !== 'POST' && request.method !== 'GET') throw new AtlasError('METHOD_NOT_ALLOWED');
    const viewer = await edge.authenticate({ authorization: header(request, 'authorization'), tenant: header(request, 'atlas-tenant'), address: info.address });
    info.tenantId = viewer.tenantId;
    info.principal = viewer.id;
    const question = request.method === 'GET' ? questionOf(url) : await readQuestion(request, edge.bodyBytesMax ?? (viewer.kind === 'anonymous' ? STRANGER_BYTES_MAX : KNOWN_BYTES_MAX));
    refuseUncleanVariables(question.variables);

    const name = `${question.operationName ?? ''}\n${question.query}`;
    const read = documents.get(name) ?? readDocument(question.query, question.operationName, edge.limits);
    const asked = limit(edge.executor.schema(), read.document, read.operation, question.variables, edge.limits);
    if (asked.introspects && !edge.introspection) throw new AtlasError('INTROSPECTION_DISABLED');
    if (asked.operation.operation === 'subscription') throw new AtlasError('BAD_REQUEST', 'Subscriptions are not answered over a plain HTTP request.');
    if (request.method === 'GET' && asked.operation.operation !== 'query') throw new AtlasError('METHOD_NOT_ALLOWED', 'GET is for queries; send a mutation with POST.');
    edge.spent.set(viewer, await edge.rate.spend(viewer, info.address, asked.cost));
    // Only what has kept within its limits and been paid for is remembered.
    documents.set(name, read);
    return { viewer, prepared: await edge.executor.prepare(question.query, question.operationName), question };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, url: URL, info: RequestInfo): Promise<'ok' | 'errors'> => {
    await edge.rate.admit(info.address);
    const asked = await admit(request, url, info).catch(async (error: unknown) => {
      await edge.rate.refused(info.address);
      throw error;
    });
    const { viewer, prepared, question } = asked;
    const gone = new AbortController();
    response.once('close', () => { if (!response.writableFinished) gone.abort(); });
    const { status, headers, body } = await within(edge.settings.REQUEST_TIMEOUT_MS, edge.apollo.answer(
      { method: request.method!, headers: headersOf(request), search: url.search, body: question.body },
      { prepared, text: question.query, asked: { variables: question.variables, caller: { viewer, ...(edge.forward && { headers: chosen(request, edge.forward) }) }, signal: gone.signal }, extensions: () => ({}) }));
    response.writeHead(status, { ...Object.fromEntries(headers), 'content-length': Buffer.byteLength(body) });
    response.end(body);
    return status === 200 ? 'ok' : 'errors';
  };

  return async (request, response, url) => {
    const info = requestOf(request, trusted, edge.settings.REQUEST_TIMEOUT_MS);
    response.setHeader(REQUEST_HEADERS.requestId, info.requestId);
    const done = requestSeconds.startTimer({ service: 'gateway' });
    await withRequest(info, () => inSpan(`${request.method} /graphql`, { kind: 'server', parent: header(request, 'traceparent') }, async () => {
      try {
        done({ outcome: await answer(request, response, url, info) });
      } catch (error) {
        const shown = toPublic(error, info.requestId);
        if (shown.extensions.code === 'INTERNAL') edge.log.error({ err: error }, 'A request failed.');
        errorsTotal.inc({ service: 'gateway', code: shown.extensions.code });
        done({ outcome: 'refused' });
        const { retryAfterSeconds } = shown.extensions;
        // What is left of an unread body would be taken for the next request.
        if (!request.complete) response.setHeader('connection', 'close');
        sendJson(response, shown.extensions.status, { errors: faultsOf(error).map((fault) => ({ ...shown, ...fault })) }, {
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
  const variables = url.searchParams.get('variables');
  let parsed: unknown = {};
  try {
    if (variables) parsed = JSON.parse(variables);
  } catch (cause) {
    throw new AtlasError('BAD_REQUEST', '`variables` is not JSON.', { cause });
  }
  return { ...question({ query: url.searchParams.get('query'), variables: parsed, operationName: url.searchParams.get('operationName') }), body: undefined };
}

function question(body: unknown): Question {
  if (body === null || typeof body !== 'object') throw new AtlasError('BAD_REQUEST', 'The body is a JSON object with `query`.');
  const { query, variables, operationName } = body as Record<string, unknown>;
  if (typeof query !== 'string' || query === '') throw new AtlasError('BAD_REQUEST', '`query` is a GraphQL document as text.');
  if (variables !== undefined && variables !== null && (typeof variables !== 'object' || Array.isArray(variables))) throw new AtlasError('BAD_REQUEST', '`variables` is an object.');
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') throw new AtlasError('BAD_REQUEST', '`operationName` is text.');
  return { query, variables: (variables ?? {}) as Record<string, unknown>, operationName: (operationName as string | null | undefined) || null, body };
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
