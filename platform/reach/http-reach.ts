/** A subgraph in another process: one POST over a pool of connections, the viewer as a signed header beside it. */
import { Pool } from 'undici';
import { AtlasError } from '../errors.ts';
import type { GraphAnswer, GraphRequest } from '../graph.ts';
import type { SubgraphName } from '../names.ts';
import { REQUEST_HEADERS, requestInfo } from '../request.ts';
import { currentTraceparent } from '../telemetry/trace.ts';
import { VIEWER_HEADER, type ViewerSigner } from '../viewer-header.ts';
import type { Reach } from './reach.ts';
import { socketReach } from './socket-reach.ts';

export interface HttpReach extends Reach { close(): Promise<void> }

const CONNECTIONS = 64;
const ANSWER_BYTES_MAX = 32 * 1_024 * 1_024;

export function httpReach(given: { service: SubgraphName; url: string; signer: () => ViewerSigner; timeoutMs: number }): HttpReach {
  const url = new URL(given.url);
  const pool = new Pool(url.origin, { connections: CONNECTIONS, pipelining: 1, connectTimeout: 1_000, keepAliveTimeout: 30_000 });
  const unavailable = (cause: unknown) => new AtlasError('SUBGRAPH_UNAVAILABLE', `The ${given.service} service does not answer at the moment.`, { cause });

  const answer = async (request: GraphRequest): Promise<GraphAnswer> => {
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
  const sockets = socketReach(given);
  return {
    answer,
    follow: sockets.follow,
    async close() {
      sockets.close();
      await pool.close();
    },
  };
}
