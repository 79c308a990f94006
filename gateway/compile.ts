/**
 * A plan made ready to run many times: every fetch knows its text, how its representations are built, how it joins
 * others into one request, and under which names its answers stand.
 */
import type { FetchDataRewrite, FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { factsIn, type Brought } from './plan/fetch-facts.ts';
import { namer, type Namer } from './compile/name-entity.ts';
import { representer, type Representer } from './compile/represent.ts';
import type { Supergraph } from './supergraph.ts';

export type Step =
  | { kind: 'fetch'; fetch: Fetch }
  | { kind: 'sequence' | 'parallel'; steps: readonly Step[] }
  | { kind: 'condition'; variable: string; then: Step | null; otherwise: Step | null }
  | DeferStep;

/** What is answered at once, and what later. */
export interface DeferStep { kind: 'defer'; now: Step | null; wanted: string | null; later: readonly Later[] }
export interface Later {
  /** Fetches after which it can begin. */
  readonly after: readonly string[];
  readonly label: string | null;
  /** To the objects that it completes, as the plan calls what is on the way. */
  readonly path: readonly string[];
  readonly step: Step | null;
  /** What is wanted of each of them. */
  readonly wanted: string;
}

export interface Fetch {
  /** As what is deferred until after it calls it. */
  readonly id: string | null;
  /** Its place in the plan: names it among those that are joined. */
  readonly number: number;
  readonly service: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly text: string;
  readonly operationName: string | undefined;
  readonly variables: readonly string[];
  /** From the root to the objects that it completes; `@` is every element of a list. */
  readonly path: readonly string[];
  /** Null when it starts at a root. */
  readonly entities: Entities | null;
  readonly outputRewrites: readonly FetchDataRewrite[];
  /** The fields that it brings, at the root or to each entity. */
  readonly brings: readonly Brought[];
}

export interface Entities {
  readonly represent: Representer;
  /** The same as JSON text. */
  readonly name: Namer;
  /** What is asked of each entity, as text; `suffix` keeps the variables of joined fetches apart. */
  selection(suffix: string): string;
  /** What the client put on the operation itself; the same for every fetch that has any. */
  readonly directives: string;
  /** Name and type of each variable, `representations` left out. */
  readonly variables: readonly { name: string; type: string }[];
  /** Variables that are not the client's but found above each entity. */
  readonly context: readonly ContextArgument[];
}

export interface ContextArgument { variable: string; path: readonly string[] }

export function compile(plan: QueryPlan, supergraph: Supergraph): { first: Fetch | null; step: Step | null; contextual: boolean } {
  let number = 0;
  const contextual = JSON.stringify(plan).includes('"contextRewrites"');
  const compileNode = (node: PlanNode, path: readonly string[]): Step => {
    switch (node.kind) {
      case 'Fetch': return { kind: 'fetch', fetch: compileFetch(node, number++, path, supergraph) };
      case 'Flatten': return compileNode(node.node, [...path, ...node.path.map(String)]);
      case 'Sequence': return { kind: 'sequence', steps: node.nodes.map((each) => compileNode(each, path)) };
      case 'Parallel': return { kind: 'parallel', steps: node.nodes.map((each) => compileNode(each, path)) };
      case 'Condition': return {
        kind: 'condition', variable: node.condition,
        then: node.ifClause ? compileNode(node.ifClause, path) : null,
        otherwise: node.elseClause ? compileNode(node.elseClause, path) : null,
      };
      case 'Defer': return {
        kind: 'defer', wanted: node.primary.subselection ?? null,
        now: node.primary.node ? compileNode(node.primary.node, path) : null,
        later: node.deferred.map((each): Later => {
          const step = each.node ? compileNode(each.node, path) : null;
          // Of a part with parts of its own, what comes first is said by its inner one.
          const wanted = each.subselection ?? (step?.kind === 'defer' ? step.wanted : null) ?? '{ __typename }';
          return { after: each.depends.map(({ id }) => id), label: each.label ?? null, path: each.queryPath, step, wanted };
        }),
      };
    }
  };
  if (!plan.node) return { first: null, step: null, contextual };
  if (plan.node.kind !== 'Subscription') return { first: null, step: compileNode(plan.node, []), contextual };
  const first = compileFetch(plan.node.primary, number++, [], supergraph);
  return { first, step: plan.node.rest ? compileNode(plan.node.rest, []) : null, contextual };
}

function compileFetch(node: FetchNode, number: number, path: readonly string[], supergraph: Supergraph): Fetch {
  const { brings } = factsIn(node);
  const given = (node.variableUsages ?? []).filter((name) => !node.contextRewrites?.some(({ renameKeyTo }) => renameKeyTo === name));
  return {
    number, path, id: node.id ?? null,
    text: node.operation,
    service: node.serviceName,
    kind: node.operationKind,
    operationName: node.operationName,
    variables: given,
    entities: node.requires ? entitiesOf(node, supergraph) : null,
    outputRewrites: node.outputRewrites ?? [],
    brings,
  };
}

function entitiesOf(node: FetchNode, supergraph: Supergraph): Entities {
  const { selection, variables, directives } = factsIn(node);
  const context = (node.contextRewrites ?? []).map(({ renameKeyTo, path }) => ({ variable: renameKeyTo, path }));
  const own = context.length > 0 ? new RegExp(`\\$(${context.map(({ variable }) => variable).join('|')})\\b`, 'g') : null;
  const toRepresent = { service: node.serviceName, requires: node.requires!, rewrites: node.inputRewrites ?? [], types: supergraph.types };
  const represent = representer(toRepresent);
  return {
    represent,
    name: namer(toRepresent, represent),
    // A contextual argument has a name that nothing else has.
    selection: (suffix) => (own && suffix !== '' ? selection.replace(own, `$$$1${suffix}`) : selection),
    variables, directives, context,
  };
}
