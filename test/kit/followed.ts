/** All that a subscription of a service's own graph tells until it ends by itself. */
import type { GraphAnswer } from '../../platform/graph.ts';
import type { SubgraphName } from '../../platform/names.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Kit } from './services.ts';

export async function followed({ atlas }: Kit, viewer: Viewer, document: string, variables: Record<string, unknown>, service: SubgraphName = 'collections'): Promise<GraphAnswer[]> {
  const told: GraphAnswer[] = [];
  for await (const answer of atlas.services.get(service)!.graph.follow({ document, variables, viewer }, new AbortController().signal)) told.push(answer);
  return told;
}
