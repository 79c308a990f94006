/** A plan in which an object itself (`itself.ts`) stands where the object stands: its field is in no text and on no path. */
import {
  Kind, TypeInfo, isAbstractType, isObjectType, parse, print, stripIgnoredCharacters, visit, visitWithTypeInfo,
  type DocumentNode, type GraphQLCompositeType, type GraphQLObjectType, type GraphQLSchema, type SelectionNode, type SelectionSetNode,
} from 'graphql';
import type { FetchDataRewrite, FetchNode, PlanNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner';
import { dropUnused } from './deferred-document.ts';

type Names = ReadonlySet<string>;
/** The names of such fields, and the schema that has them. */
export interface Given { names: Names; schema: GraphQLSchema }

export function dissolve(plan: QueryPlan, given: Given): QueryPlan {
  return given.names.size > 0 && plan.node ? { ...plan, node: dissolved(plan.node, [], given) } : plan;
}

function dissolved<T extends PlanNode | SubscriptionNode>(node: T, path: readonly string[], given: Given): T {
  const below = <N extends PlanNode>(each: N): N => dissolved(each, path, given);
  const change = (): PlanNode | SubscriptionNode => {
    switch (node.kind) {
      case 'Fetch': return fetchOf(node, path, given);
      case 'Flatten': return { ...node, path: without(node.path.map(String), given), node: dissolved(node.node, [...path, ...node.path.map(String)], given) };
      case 'Sequence': case 'Parallel': return { ...node, nodes: node.nodes.map(below) };
      case 'Condition': return { ...node, ...(node.ifClause && { ifClause: below(node.ifClause) }), ...(node.elseClause && { elseClause: below(node.elseClause) }) };
      case 'Defer': return { ...node, primary: partOf(node.primary, below, given), deferred: node.deferred.map((each) => ({ ...partOf(each, below, given), queryPath: without(each.queryPath, given) })) };
      case 'Subscription': return { ...node, primary: below(node.primary), ...(node.rest && { rest: below(node.rest) }) };
    }
  };
  return change() as T;
}

const partOf = <T extends { subselection?: string; node?: PlanNode }>(part: T, below: (node: PlanNode) => PlanNode, given: Given): T =>
  ({ ...part, ...(part.subselection && { subselection: textOf(part.subselection, given) }), ...(part.node && { node: below(part.node) }) });

const fetchOf = (node: FetchNode, path: readonly string[], given: Given, operation = textOf(node.operation, given)): FetchNode => ({
  ...node, operation,
  // What fits no object that can be there is gone, and its variables with it.
  ...(node.variableUsages && operation !== node.operation && { variableUsages: node.variableUsages.filter((name) => new RegExp(`\\$${name}\\b`).test(operation)) }),
  ...(node.inputRewrites && { inputRewrites: node.inputRewrites.map((each) => rewriteOf(each, given)) }),
  ...(node.outputRewrites && { outputRewrites: node.outputRewrites.map((each) => rewriteOf(each, given)) }),
  ...(node.contextRewrites && { contextRewrites: node.contextRewrites.map((each) => ({ ...each, path: nearer(each.path, path, given) })) }),
});

const without = (path: readonly string[], { names }: Given): string[] => path.filter((step) => !names.has(step));
const rewriteOf = <T extends FetchDataRewrite>(rewrite: T, given: Given): T => ({ ...rewrite, path: without(rewrite.path, given) });

/** What a context is found by begins with steps up: one from an object to itself is none. */
function nearer(wanted: readonly string[], path: readonly string[], given: Given): string[] {
  const up = wanted.findIndex((step) => step !== '..');
  const passed = path.filter((step) => step !== '@').slice(-up).filter((step) => up > 0 && given.names.has(step)).length;
  return without(wanted.slice(passed), given);
}

/** Most texts have nothing of it, and stay as they are. */
function textOf(text: string, { names, schema }: Given): string {
  const document = parse(text, { noLocation: true });
  const info = new TypeInfo(schema);
  const changed: DocumentNode = visit(document, visitWithTypeInfo(info, { SelectionSet: { leave: (set) => (set.selections.some((each) => isSelf(each, names)) ? opened(set, info.getParentType(), { names, schema }) : undefined) } }));
  return changed === document ? text : stripIgnoredCharacters(print(dropUnused(changed)));
}

const isSelf = (selection: SelectionNode, names: Names): boolean => selection.kind === Kind.FIELD && names.has(selection.name.value);

function opened(set: SelectionSetNode, type: GraphQLCompositeType | null | undefined, { names, schema }: Given): SelectionSetNode {
  const selections = set.selections.flatMap((each): readonly SelectionNode[] => {
    if (each.kind !== Kind.FIELD || !names.has(each.name.value)) return [each];
    const own = isObjectType(type) ? of(each.selectionSet!, type, schema) : each.selectionSet!.selections;
    return each.directives?.length ? [{ kind: Kind.INLINE_FRAGMENT, directives: each.directives, selectionSet: { kind: Kind.SELECTION_SET, selections: own } }] : own;
  });
  const texts = selections.map((each) => print(each));
  return { ...set, selections: selections.filter((_, at) => texts.indexOf(texts[at]!) === at) };
}

/** What is selected of an object of this type: a fragment on another may not even stand there. */
function of(set: SelectionSetNode, type: GraphQLObjectType, schema: GraphQLSchema): SelectionNode[] {
  const selections = set.selections.flatMap((each): SelectionNode[] => {
    if (each.kind !== Kind.INLINE_FRAGMENT) return [each];
    const condition = each.typeCondition && schema.getType(each.typeCondition.name.value);
    if (condition && condition !== type && !(isAbstractType(condition) && schema.isSubType(condition, type))) return [];
    const inner = of(each.selectionSet, type, schema);
    return each.directives?.length ? [{ ...each, selectionSet: { ...each.selectionSet, selections: inner } }] : inner;
  });
  return selections.length > 0 ? selections : [TYPENAME];
}

const TYPENAME: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
