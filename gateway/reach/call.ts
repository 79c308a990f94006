/** How a run calls a subgraph by its name; equal questions that are on their way at one moment are asked once. */
import type { GraphAnswer, GraphRequest } from '../../platform/graph.ts';
import type { Reach } from '../../platform/reach/reach.ts';
import { inSpan } from '../../platform/telemetry/trace.ts';

export type Call = (service: string, request: GraphRequest) => Promise<GraphAnswer>;

export const callOver = (reaches: ReadonlyMap<string, Reach>): Call => (service, request) =>
  inSpan(`fetch ${service}`, { kind: 'client', attributes: { 'atlas.service': service } }, () => {
    const reach = reaches.get(service);
    if (!reach) throw new Error(`The supergraph names ${service}, which nothing here reaches.`);
    return reach.answer(request);
  });
