/** A GraphQL request as HTTP carries it: in a JSON body, or in the parameters of a URL. */
import type { IncomingMessage } from 'node:http';
import { AtlasError } from '../platform/errors.ts';
import { readBody } from '../platform/serve.ts';
import { namedBy, type Named } from './policy/documents.ts';

export interface Question { named: Named; variables: Record<string, unknown>; operationName: string | null }

export async function readQuestion(request: IncomingMessage, bytesMax: number): Promise<Question> {
  const type = request.headers['content-type'] ?? '';
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

function question(body: unknown): Question {
  if (body === null || typeof body !== 'object') throw new AtlasError('BAD_REQUEST', 'The body is a JSON object with `query`.');
  const { variables, operationName } = body as Record<string, unknown>;
  if (variables !== undefined && variables !== null && (typeof variables !== 'object' || Array.isArray(variables))) throw new AtlasError('BAD_REQUEST', '`variables` is an object.');
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') throw new AtlasError('BAD_REQUEST', '`operationName` is text.');
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
