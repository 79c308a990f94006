/** How one service puts a question to another service's graph: as a given viewer, never around its rights. */
import { AtlasError, isErrorCode } from './errors.ts';
import type { GraphRequest } from './graph.ts';
import { MAY_ASK, type ServiceName, type SubgraphName } from './names.ts';
import type { Reach } from './reach/reach.ts';
import { askSeconds } from './telemetry/metrics.ts';
import { inSpan } from './telemetry/trace.ts';
import type { Viewer } from './viewer.ts';

export interface Ask {
  (service: SubgraphName, question: Omit<GraphRequest, 'viewer'>, viewer: Viewer): Promise<Record<string, unknown>>;
}

/** The asker's own door to the others; what it may not ask, it cannot. */
export const askOver = (asker: ServiceName, reaches: ReadonlyMap<SubgraphName, Reach>): Ask => async (service, question, viewer) => {
  const reach = reaches.get(service);
  if (!reach || !MAY_ASK[asker].includes(service)) throw new Error(`${asker} may not ask ${service}.`);
  const done = askSeconds.startTimer({ asker, service });
  const { data, errors } = await inSpan(`ask ${service}`, { kind: 'client', attributes: { 'atlas.service': service } }, () => reach.answer({ ...question, ...(isQuery(question.document) && { kind: 'query' as const }), viewer }))
    .catch((error: unknown) => { done({ outcome: 'unavailable' }); throw error; });
  done({ outcome: errors ? 'errors' : 'ok' });
  const [first] = errors ?? [];
  if (first) {
    const { code, missing } = first.extensions;
    throw new AtlasError(isErrorCode(code) ? code : 'INTERNAL', first.message, { ...(missing && { missing }) });
  }
  return data ?? {};
};

/** Only a query may be put twice. The documents are the askers' own, one operation each. */
const isQuery = (document: string): boolean => /^\s*(query\b|\{)/.test(document);
