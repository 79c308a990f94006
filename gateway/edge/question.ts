/** What a client asks for, as it comes over HTTP: read from a body or a target, and refused when it is not of that form. */
import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';
import { AtlasError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { REQUEST_HEADERS, type RequestInfo } from '../../platform/request.ts';
import { readBody } from '../../platform/serve.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { namedBy, type Named } from '../policy/documents.ts';

const STRANGER_BYTES_MAX = 1_000_000;
const KNOWN_BYTES_MAX = 16_000_000;

/** How the document is named, and what goes with it. */
export interface Question { named: Named; variables: Record<string, unknown>; operationName: string | null }

/** How much may be sent, by who sends it. */
export const bytesMaxFor = (viewer: Viewer): number => (viewer.kind === 'anonymous' ? STRANGER_BYTES_MAX : KNOWN_BYTES_MAX);

export async function readQuestion(request: IncomingMessage, bytesMax: number): Promise<Question> {
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

export function questionOf(url: URL): Question {
  const given = (name: string) => url.searchParams.get(name) ?? undefined;
  return question({ query: given('query'), documentId: given('documentId'), extensions: jsonOf(given('extensions'), 'extensions'), variables: jsonOf(given('variables'), 'variables'), operationName: given('operationName') });
}

/** How GraphQL names an operation. Nothing else may stand before a document where the two are remembered together: it could be a document itself. */
const OPERATION_NAME = /^[_a-zA-Z]\w*$/;

/** The fields that every transport has. */
export function question(body: unknown): Question {
  if (body === null || typeof body !== 'object') throw new AtlasError('BAD_REQUEST', 'The body is a JSON object with `query`.');
  const { variables, operationName } = body as Record<string, unknown>;
  if (variables !== undefined && variables !== null && (typeof variables !== 'object' || Array.isArray(variables))) throw new AtlasError('BAD_REQUEST', '`variables` is an object.');
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') throw new AtlasError('BAD_REQUEST', '`operationName` is text.');
  if (operationName && !OPERATION_NAME.test(operationName)) throw new AtlasError('OPERATION_RESOLUTION_FAILURE', 'The document has no operation of that name.');
  return { named: namedBy(body as Record<string, unknown>), variables: (variables ?? {}) as Record<string, unknown>, operationName: (operationName as string | null | undefined) || null };
}

function jsonOf(text: string | undefined, name: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch (cause) {
    throw new AtlasError('BAD_REQUEST', `\`${name}\` is not JSON.`, { cause });
  }
}

/** The request with the document that it means, in the place where its method carries it. */
export function carried(method: string, query: string, { variables, operationName }: Question): { method: string; search: string; body: unknown } {
  if (method !== 'GET') return { method, search: '', body: { query, variables, ...(operationName && { operationName }) } };
  return { method, search: `?${new URLSearchParams({ query, variables: JSON.stringify(variables), ...(operationName && { operationName }) }).toString()}`, body: undefined };
}

export function requestOf(request: IncomingMessage, trusted: (address: string, hop: number) => boolean, timeoutMs?: number): RequestInfo {
  const given = header(request, REQUEST_HEADERS.requestId);
  return {
    requestId: given && /^[\w.:-]{8,64}$/.test(given) ? given : newId('req'),
    address: proxyAddr(request, trusted)?.replace(/^::ffff:/, '') ?? null,
    userAgent: header(request, 'user-agent')?.slice(0, 300) ?? null,
    idempotencyKey: header(request, REQUEST_HEADERS.idempotencyKey),
    // A stream has none: each of its events is a matter of its own.
    ...(timeoutMs !== undefined && { deadlineAtMs: performance.now() + timeoutMs }),
  };
}

export const header = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
};
