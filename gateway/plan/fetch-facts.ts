/** What is to be known of each fetch's text, read where the plan is made: whoever runs the plan parses nothing. */
import type { FetchNode, PlanNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner';
import { Kind, parse, print, type FieldNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/** A field that a fetch brings, and of which type where it says so. */
export interface Brought { name: string; on: string | null }
export interface FetchFacts {
  /** The fields that it brings, at the root or to each entity. */
  brings: readonly Brought[];
  /** What is asked of each entity; empty at a root. */
  selection: string;
  /** What the client put on the operation itself, for a service to read. */
  directives: string;
  /** Name and type of each variable, `representations` left out. */
  variables: readonly { name: string; type: string }[];
}

type Known = FetchNode & { facts?: FetchFacts };
export const factsIn = (node: FetchNode): FetchFacts => (node as Known).facts!;

/** The same plan, every fetch of which knows its facts. */
export function withFetchFacts(plan: QueryPlan): QueryPlan {
  if (plan.node) tell(plan.node);
  return plan;
}

function tell(node: PlanNode | SubscriptionNode): void {
  switch (node.kind) {
    case 'Fetch': (node as Known).facts = factsOf(node); return;
    case 'Flatten': return tell(node.node);
    case 'Sequence': case 'Parallel': return node.nodes.forEach(tell);
    case 'Condition': return [node.ifClause, node.elseClause].forEach((each) => each && tell(each));
    case 'Defer': return [node.primary, ...node.deferred].forEach((each) => each.node && tell(each.node));
    case 'Subscription':
      tell(node.primary);
      if (node.rest) tell(node.rest);
  }
}

function factsOf(node: FetchNode): FetchFacts {
  const operation = parse(node.operation, { noLocation: true }).definitions[0] as OperationDefinitionNode;
  const set = node.requires ? (operation.selectionSet.selections[0] as FieldNode).selectionSet! : operation.selectionSet;
  return {
    brings: broughtBy(set, null),
    selection: node.requires ? print(set) : '',
    directives: (operation.directives ?? []).map(print).join(' '),
    variables: (operation.variableDefinitions ?? []).filter(({ variable }) => variable.name.value !== 'representations')
      .map(({ variable, type, defaultValue }) => ({ name: variable.name.value, type: `${print(type)}${defaultValue ? `=${print(defaultValue)}` : ''}` })),
  };
}

function broughtBy(set: SelectionSetNode, on: string | null): Brought[] {
  return set.selections.flatMap((selection): Brought[] => {
    if (selection.kind === Kind.FIELD) return selection.name.value === '__typename' ? [] : [{ name: (selection.alias ?? selection.name).value, on }];
    if (selection.kind === Kind.INLINE_FRAGMENT) return broughtBy(selection.selectionSet, selection.typeCondition?.name.value ?? on);
    return [];
  });
}
