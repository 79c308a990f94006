/**
 * How one service puts a question to another service's graph: as a given viewer, never around its rights. A service that
 * runs here is called directly with the sealed viewer; one that runs elsewhere gets the signed header over HTTP.
 */
import { Pool } from 'undici';
import { AtlasError, isErrorCode } from './errors.ts';
import type { Graph, GraphAnswer, GraphRequest } from './graph.ts';
import { REQUEST_HEADERS, requestInfo } from './request.ts';
import { MAY_ASK, type ServiceName, type SubgraphName } from './names.ts';
import { askSeconds } from './telemetry/metrics.ts';
import { currentTraceparent, inSpan } from './telemetry/trace.ts';
import type { ViewerSigner } from './viewer-header.ts';
import type { Viewer } from './viewer.ts';

export const VIEWER_HEADER = 'atlas-viewer';

/** Reaches one subgraph, wherever it runs. Never throws what the other side said: that is in the answer. */
export type Reach = (request: GraphRequest) => Promise<GraphAnswer>;

export interface Ask {
  (service: SubgraphName, question: Omit<GraphRequest, 'viewer'>, viewer: Viewer): Promise<Record<string, unknown>>;
}

export const localReach = (graph: Graph): Reach => (request) => graph.answer(request);

export interface HttpReach { reach: Reach; close(): Promise<void> }

const CONNECTIONS = 64;
const ANSWER_BYTES_MAX = 32 * 1_024 * 1_024;

export function httpReach(given: { service: SubgraphName; url: string; signer: () => ViewerSigner; timeoutMs: number }): HttpReach {
  const url = new URL(given.url);
  const pool = new Pool(url.origin, { connections: CONNECTIONS, pipelining: 1, connectTimeout: 1_000, keepAliveTimeout: 30_000 });
  const unavailable = (cause: unknown) => new AtlasError('SUBGRAPH_UNAVAILABLE', `The ${given.service} service does not answer at the moment.`, { cause });

  const send = async (request: GraphRequest): Promise<GraphAnswer> => {
    const { document, variables, operationName, viewer } = request;
    const info = requestInfo();
    const traceparent = currentTraceparent();
    const header = await given.signer().sign(viewer, given.service);
    try {
      const response = await pool.request({
        method: 'POST',
        path: url.pathname,
        headers: {
          'content-type': 'application/json',
          [VIEWER_HEADER]: header,
          ...(info && { [REQUEST_HEADERS.requestId]: info.requestId }),
          ...(info?.address && { [REQUEST_HEADERS.address]: info.address }),
          ...(info?.userAgent && { [REQUEST_HEADERS.userAgent]: encodeURIComponent(info.userAgent) }),
          ...(info?.idempotencyKey && { [REQUEST_HEADERS.idempotencyKey]: encodeURIComponent(info.idempotencyKey) }),
          ...(traceparent && { traceparent }),
        },
        body: JSON.stringify({ query: document, variables, operationName }),
        headersTimeout: given.timeoutMs,
        bodyTimeout: given.timeoutMs,
      });
      const length = Number(response.headers['content-length'] ?? 0);
      if (length > ANSWER_BYTES_MAX) throw new Error('The answer is larger than allowed.');
      return (await response.body.json()) as GraphAnswer;
    } catch (cause) {
      throw unavailable(cause);
    }
  };
  return { reach: send, close: () => pool.close() };
}

/** The asker's own door to the others; what it may not ask, it cannot. */
export const askOver = (asker: ServiceName, reaches: ReadonlyMap<SubgraphName, Reach>): Ask => async (service, question, viewer) => {
  const reach = reaches.get(service);
  if (!reach || !MAY_ASK[asker].includes(service)) throw new Error(`${asker} may not ask ${service}.`);
  const done = askSeconds.startTimer({ asker, service });
  const { data, errors } = await inSpan(`ask ${service}`, { kind: 'client', attributes: { 'atlas.service': service } }, () => reach({ ...question, viewer }))
    .catch((error: unknown) => { done({ outcome: 'unavailable' }); throw error; });
  done({ outcome: errors ? 'errors' : 'ok' });
  const [first] = errors ?? [];
  if (first) {
    const { code, missing } = first.extensions;
    throw new AtlasError(isErrorCode(code) ? code : 'INTERNAL', first.message, { ...(missing && { missing }) });
  }
  return data ?? {};
};
