/** How a run calls a subgraph by its name. */
import { AtlasError } from '../../platform/errors.ts';
import type { GraphAnswer, GraphRequest } from '../../platform/graph.ts';
import type { Reach } from '../../platform/reach/reach.ts';
import { inSpan } from '../../platform/telemetry/trace.ts';

export type Call = (service: string, request: GraphRequest) => Promise<GraphAnswer>;
export type Follow = (service: string, request: GraphRequest, signal: AbortSignal) => AsyncIterable<GraphAnswer>;

export function callOver(reaches: ReadonlyMap<string, Reach>): { call: Call; follow: Follow } {
  const named = (service: string): Reach => {
    const reach = reaches.get(service);
    if (!reach) throw new AtlasError('SUBGRAPH_UNAVAILABLE', undefined, { cause: new Error(`The supergraph names ${service}, which nothing here reaches.`) });
    return reach;
  };
  const call: Call = (service, request) =>
    inSpan(`fetch ${service}`, { kind: 'client', attributes: { 'atlas.service': service } }, async () => named(service).answer(request));
  return {
    call,
    follow: (service, request, signal) => named(service).follow!(request, signal),
  };
}
