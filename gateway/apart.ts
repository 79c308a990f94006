/**
 * One entity fetch of the plan as several, where two of its fields require the same of the entity with different
 * arguments: one representation cannot hold both, so each field is asked for with a representation of its own.
 */
import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, parse, print, visit, type FieldNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { Supergraph } from './supergraph.ts';

type Known = Pick<Supergraph, 'needs' | 'neededBy'>;

export function apart(node: FetchNode, { needs, neededBy }: Known): FetchNode[] {
  const held = node.requires ? namesIn(node.requires).filter((name) => needs.has(name)) : [];
  const conflicting = held.some((name) => held.some((other) => other !== name && needs.get(other)!.field === needs.get(name)!.field));
  if (!conflicting) return [node];
  const operation = parse(node.operation, { noLocation: true }).definitions[0] as OperationDefinitionNode;
  const entitySet = (operation.selectionSet.selections[0] as FieldNode).selectionSet!;
  const fields = topFields(entitySet, null);
  const neededFor = ({ on, name }: Top): readonly string[] => neededBy.get(`${node.serviceName} ${on}.${name}`) ?? [];

  const groups: { fields: Top[]; names: Set<string> }[] = [];
  for (const field of fields) {
    const names = neededFor(field);
    const fits = groups.find((group) => names.every((name) => [...group.names].every((other) => other === name || needs.get(other)!.field !== needs.get(name)!.field)));
    const group = fits ?? { fields: [], names: new Set<string>() };
    if (!fits) groups.push(group);
    group.fields.push(field);
    names.forEach((name) => group.names.add(name));
  }
  return groups.map((group): FetchNode => ({
    ...node,
    requires: only(node.requires!, (name) => !(needs.has(name)) || group.names.has(name)),
    operation: print(visit(operation, { Field: { enter: (field) => (fields.some((top) => top.node === field) && !group.fields.some((top) => top.node === field) ? null : undefined) }, InlineFragment: { leave: (fragment) => (fragment.selectionSet.selections.length === 0 ? null : undefined) } })),
  }));
}

interface Top { on: string | null; name: string; node: FieldNode }

function topFields(set: SelectionSetNode, on: string | null): Top[] {
  return set.selections.flatMap((selection): Top[] => {
    if (selection.kind === Kind.FIELD) return [{ on, name: selection.name.value, node: selection }];
    return selection.kind === Kind.INLINE_FRAGMENT ? topFields(selection.selectionSet, selection.typeCondition?.name.value ?? on) : [];
  });
}

const namesIn = (selections: readonly QueryPlanSelectionNode[]): string[] =>
  selections.flatMap((selection) => (selection.kind === 'Field' ? [selection.name, ...namesIn(selection.selections ?? [])] : namesIn(selection.selections)));

const only = (selections: readonly QueryPlanSelectionNode[], keep: (name: string) => boolean): QueryPlanSelectionNode[] =>
  selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind !== 'Field') return [{ ...selection, selections: only(selection.selections, keep) }];
    if (!keep(selection.name)) return [];
    return [selection.selections ? { ...selection, selections: only(selection.selections, keep) } : selection];
  });
