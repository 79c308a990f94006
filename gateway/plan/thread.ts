/**
 * Runs in a thread of its own: what Apollo's planner does with a large document takes longer than any other client
 * should wait. Built once over one supergraph; a new supergraph gets a new thread.
 */
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph, operationFromDocument, printSchema } from '@apollo/federation-internals';
import { QueryPlanner, prettyFormatQueryPlan, type QueryPlan } from '@apollo/query-planner';
import { buildSchema, getOperationAST, parse, specifiedRules, validate } from 'graphql';
import { workerData } from 'piscina';
import { decide, type Decided } from './conditions.ts';
import { dropUnused, noChangeDeferred } from './deferred-document.ts';
import { factsOf, isDisguised, toBePlanned, type Facts } from './document.ts';
import { withFetchFacts } from './fetch-facts.ts';
import { dissolve } from './dissolve.ts';
import { itself } from './itself.ts';
import { askedOf } from './joins.ts';
import { leadOver } from './lead-over.ts';
import { separate } from './requirements.ts';
import { restore } from './restore.ts';

export interface Described { apiSdl: string }
/** `refused`: `Type.field` of what is withheld. `decided`: what is known of its conditions. `inParts`: what is deferred is planned by itself. */
export interface ToPlan { text: string; operationName: string | null; overrides: readonly (readonly [string, boolean])[]; refused: readonly string[]; decided: Decided; inParts: boolean }
export type Planned = { plan: QueryPlan; pretty: string; facts: Facts } | { faults: { message: string; locations: { line: number; column: number }[] }[] };

const FAULTS_MAX = 5;
/** A directive of the transport that no composed schema carries. */
const DEFER = '\n\n"Answers this part later, as a part of its own."\ndirective @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT\n';

const RULES = [...specifiedRules, noChangeDeferred];

const { sdl } = workerData as { sdl: string };
const built = (text: string, validateSupergraph: boolean) => Supergraph.build(text, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, validateSupergraph });
const supergraph = built(sdl, true);
const apiSdl = printSchema(supergraph.apiSchema()) + DEFER;
const schema = buildSchema(apiSdl);
const asked = askedOf(parse(sdl));
const requirements = separate(sdl);
const self = itself(requirements.sdl, schema);
const planned = built(self.sdl, false); // what it says `external` for, nothing requires any more
const api = planned.apiSchema();
const planner = new QueryPlanner(planned, { reuseQueryFragments: false, generateQueryFragments: false, incrementalDelivery: { enableDefer: true } });

export const describe = (): Described => ({ apiSdl });

export function plan({ text, operationName, overrides, refused, decided, inParts }: ToPlan): Planned {
  const document = parse(text);
  const faults = validate(schema, document, RULES, { maxErrors: FAULTS_MAX });
  if (faults.length > 0) return { faults: faults.map(({ message, locations }) => ({ message, locations: (locations ?? []).map(({ line, column }) => ({ line, column })) })) };
  if (isDisguised(document)) return { faults: [{ message: 'No field may be called `__typename`.', locations: [] }] };
  const known = Object.keys(decided).length > 0 ? dropUnused(decide(document, decided)) : document;
  const led = leadOver(toBePlanned(known, { schema, asked, refused, inParts }), schema, self);
  const operation = operationFromDocument(api, led, { ...(operationName && { operationName }), validate: false });
  const made = restore(dissolve(planner.buildQueryPlan(operation, { overrideConditions: new Map(overrides) }), self), requirements);
  const chosen = getOperationAST(document, operationName)!;
  return { plan: withFetchFacts(made), pretty: made.node ? prettyFormatQueryPlan(made) : 'Nothing is fetched.', facts: factsOf(schema, document, chosen, asked) };
}
