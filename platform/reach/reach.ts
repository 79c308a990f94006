/**
 * One subgraph within reach, wherever it runs: a service that runs here is called directly with the sealed viewer, one
 * that runs elsewhere gets the signed header over HTTP.
 */
import type { Graph, GraphAnswer, GraphRequest } from '../graph.ts';
import { requestInfo, withRequest } from '../request.ts';

export interface Reach {
  /** Rejects with SUBGRAPH_UNAVAILABLE when the other side does not answer; what it said itself, errors too, is in the answer. */
  answer(request: GraphRequest): Promise<GraphAnswer>;
  /** A subscription: one answer an event. An answer without `data` is the last. Throws SUBGRAPH_UNAVAILABLE when the other side is lost and the stream cannot be resumed. */
  follow(request: GraphRequest, signal: AbortSignal): AsyncIterable<GraphAnswer>;
}

export const localReach = (graph: () => Graph): Reach => ({
  answer(request) {
    const info = requestInfo();
    if (!request.isShared || info?.deadlineAtMs === undefined) return graph().answer(request);
    const { deadlineAtMs: _, ...unhurried } = info;
    return withRequest(unhurried, () => graph().answer(request));
  },
  follow: (request, signal) => graph().follow(request, signal),
});
