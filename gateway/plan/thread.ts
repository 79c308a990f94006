/**
 * Runs in a thread of its own: what Apollo's planner does with a large document takes longer than any other client
 * should wait. Built once over one supergraph; a new supergraph gets a new thread.
 */
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph, operationFromDocument, printSchema } from '@apollo/federation-internals';
import { QueryPlanner, prettyFormatQueryPlan, type QueryPlan } from '@apollo/query-planner';
import { buildSchema, parse, validate } from 'graphql';
import { workerData } from 'piscina';
import { separate } from './requirements.ts';
import { restore } from './restore.ts';

export interface Described { apiSdl: string; subgraphs: { name: string; url: string }[] }
/** `text` is what the client sent and what is checked; `planned` stands for it where the plan is made. */
export interface ToPlan { text: string; planned?: string; operationName: string | null; overrides: readonly (readonly [string, boolean])[] }
export type Planned = { plan: QueryPlan; pretty: string } | { faults: { message: string; locations: { line: number; column: number }[] }[] };

const FAULTS_MAX = 5;
/** A directive of the transport that no composed schema carries. */
const DEFER = '\n\n"Answers this part later, as a part of its own."\ndirective @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT\n';

const { sdl } = workerData as { sdl: string };
const built = (text: string, validateSupergraph: boolean) => Supergraph.build(text, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, validateSupergraph });
const supergraph = built(sdl, true);
const apiSdl = printSchema(supergraph.apiSchema()) + DEFER;
const schema = buildSchema(apiSdl);
const requirements = separate(sdl);
const planned = built(requirements.sdl, false); // what it says `external` for, nothing requires any more
const api = planned.apiSchema();
const planner = new QueryPlanner(planned, { reuseQueryFragments: false, generateQueryFragments: false, incrementalDelivery: { enableDefer: true } });

export const describe = (): Described => ({
  apiSdl,
  subgraphs: supergraph.subgraphsMetadata().map(({ name, url }) => ({ name, url })),
});

export function plan({ text, planned: apart, operationName, overrides }: ToPlan): Planned {
  const document = parse(text);
  const faults = validate(schema, document, undefined, { maxErrors: FAULTS_MAX });
  if (faults.length > 0) return { faults: faults.map(({ message, locations }) => ({ message, locations: (locations ?? []).map(({ line, column }) => ({ line, column })) })) };
  const operation = operationFromDocument(api, apart === undefined ? document : parse(apart), { ...(operationName && { operationName }), validate: false });
  const made = restore(planner.buildQueryPlan(operation, { overrideConditions: new Map(overrides) }), requirements);
  return { plan: made, pretty: made.node ? prettyFormatQueryPlan(made) : 'Nothing is fetched.' };
}
