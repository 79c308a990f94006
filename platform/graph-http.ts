/** A subgraph over HTTP: one POST, a signed viewer or nothing. Only the gateway and other services speak to it. */
import type { IncomingMessage } from 'node:http';
import { AtlasError } from './errors.ts';
import type { Graph } from './graph.ts';
import { newId } from './ids.ts';
import { REQUEST_HEADERS, withRequest, type RequestInfo } from './request.ts';
import { readBody, sendJson, type Route } from './serve.ts';
import { inSpan } from './telemetry/trace.ts';
import { VIEWER_HEADER, type ViewerVerifier } from './viewer-header.ts';

const BODY_BYTES_MAX = 32 * 1_024 * 1_024; // the edge has refused what is too large for its caller

export const graphRoute = (graph: Graph, verifier: ViewerVerifier): Route => async (request, response) => {
  if (request.method !== 'POST') throw new AtlasError('METHOD_NOT_ALLOWED', 'A subgraph answers POST only.');
  const viewer = await verifier.verify(header(request, VIEWER_HEADER) ?? '');
  const body = await readBody(request, BODY_BYTES_MAX);
  const { query, variables, operationName } = parseBody(body);
  const info: RequestInfo = { ...requestFrom(request), tenantId: viewer.tenantId, principal: viewer.id };
  const answer = await withRequest(info, () =>
    inSpan('POST /graphql', { kind: 'server', parent: header(request, 'traceparent') }, () =>
      graph.answer({ document: query, variables, operationName, viewer })));
  const extensions = { ...answer.extensions, ...(info.told && { told: info.told }) };
  sendJson(response, 200, { ...answer, ...(Object.keys(extensions).length > 0 && { extensions }) });
};

function parseBody(text: string): { query: string; variables?: Record<string, unknown>; operationName?: string } {
  try {
    return JSON.parse(text) as ReturnType<typeof parseBody>;
  } catch (cause) {
    throw new AtlasError('BAD_REQUEST', 'The body is not JSON.', { cause });
  }
}

const header = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
};
const decoded = (value: string | null): string | null => value && decodeURIComponent(value);

const requestFrom = (request: IncomingMessage): RequestInfo => ({
  requestId: header(request, REQUEST_HEADERS.requestId) ?? newId('req'),
  address: header(request, REQUEST_HEADERS.address),
  userAgent: decoded(header(request, REQUEST_HEADERS.userAgent)),
  idempotencyKey: decoded(header(request, REQUEST_HEADERS.idempotencyKey)),
  ...deadlineFrom(header(request, REQUEST_HEADERS.leftMs)),
});

/** Clocks of two processes differ, so what travels is the time that is left. */
const deadlineFrom = (leftMs: string | null): Pick<RequestInfo, 'deadlineAtMs'> =>
  leftMs && /^\d{1,7}$/.test(leftMs) ? { deadlineAtMs: performance.now() + Number(leftMs) } : {};
