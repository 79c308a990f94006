/**
 * A plan over renamed requirements (`requirements.ts`), with the real fields put back. Where one fetch asks for fields
 * that require different things, and those cannot all stand in one representation (two are one field with different
 * arguments) or need not all be there (`@include`), it becomes several: each entity is then named once for each.
 */
import { Kind, parse, print, stripIgnoredCharacters, visit, type FieldNode, type OperationDefinitionNode, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { FetchDataRewrite, FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import { inTime } from './early.ts';
import type { Requirements } from './requirements.ts';

export function restore(plan: QueryPlan, requirements: Requirements): QueryPlan {
  // Two that were wanted under different conditions, the planner asks for together without any.
  const conditional = /@(skip|include)\b|"kind":"Condition"/.test(JSON.stringify(plan));
  const fetch = (node: FetchNode): PlanNode => {
    const parts = split(node, requirements, conditional).map((part) => renamed(part, requirements));
    // What is deferred until after it would begin with the first of several: without a name, it waits for all that comes before.
    return parts.length === 1 ? parts[0]! : { kind: 'Parallel', nodes: parts.map(({ id: _, ...part }) => part) };
  };
  const walk = (node: PlanNode, path: readonly string[]): PlanNode => {
    switch (node.kind) {
      case 'Fetch': return fetch(node);
      case 'Flatten': return { ...node, node: walk(node.node, [...path, ...node.path.map(String)]) };
      case 'Sequence': return { ...node, nodes: inTime(node.nodes, path, requirements).map((each) => walk(each, path)) };
      case 'Parallel': return { ...node, nodes: node.nodes.map((each) => walk(each, path)) };
      case 'Condition': return { ...node, ...(node.ifClause && { ifClause: walk(node.ifClause, path) }), ...(node.elseClause && { elseClause: walk(node.elseClause, path) }) };
      case 'Defer': return {
        ...node,
        primary: { ...node.primary, ...(node.primary.node && { node: walk(node.primary.node, path) }) },
        deferred: node.deferred.map((each) => ({ ...each, ...(each.node && { node: walk(each.node, path) }) })),
      };
    }
  };
  if (!plan.node) return plan;
  if (plan.node.kind !== 'Subscription') return { ...plan, node: walk(plan.node, []) };
  return { ...plan, node: { ...plan.node, primary: renamed(plan.node.primary, requirements), ...(plan.node.rest && { rest: walk(plan.node.rest, []) }) } };
}

const operationOf = (node: FetchNode): OperationDefinitionNode => parse(node.operation, { noLocation: true }).definitions[0] as OperationDefinitionNode;
const written = (operation: OperationDefinitionNode): string => stripIgnoredCharacters(print(operation));

/** The fields by what they require; one group when they can travel together. */
function split(node: FetchNode, { needs, sets, fields }: Requirements, anyCondition: boolean): FetchNode[] {
  if (!node.requires) return [node];
  const operation = operationOf(node);
  const entities = operation.selectionSet.selections[0] as FieldNode;
  const groups = new Map<string, readonly string[]>();
  const always = new Set<string>();
  const keyOf = (typeName: string, field: FieldNode): string => {
    const at = `${node.serviceName}.${typeName}.${field.name.value}`;
    const wanted = needs.get(at) ?? [];
    for (const each of sets.get(at)?.selections ?? []) if (each.kind === Kind.FIELD) always.add(each.name.value);
    const key = wanted.join(' ');
    groups.set(key, wanted);
    return key;
  };
  // Of an interface object, what is required may have been fetched for some of the types behind it only.
  const conditional = anyCondition || Boolean(node.inputRewrites?.length);
  const look = (set: SelectionSetNode, typeName: string): void => set.selections.forEach((each) => {
    if (each.kind === Kind.FIELD) keyOf(typeName, each);
    if (each.kind === Kind.INLINE_FRAGMENT) look(each.selectionSet, each.typeCondition?.name.value ?? typeName);
  });
  look(entities.selectionSet!, '_Entity');
  if (groups.size < 2) return [node];
  const all = [...new Set([...groups.values()].flat())];
  const originals = all.map((name) => fields.get(name)?.name.value ?? name);
  if (!conditional && new Set(originals).size === all.length) return [node];
  const asked = [...groups].filter(([key]) => only(entities.selectionSet!, '_Entity', (type, field) => keyOf(type, field) === key) !== null);
  return asked.map(([key, wanted]) => {
    const selectionSet = only(entities.selectionSet!, '_Entity', (type, field) => keyOf(type, field) === key)!;
    const part = trimmed({ ...operation, selectionSet: { ...operation.selectionSet, selections: [{ ...entities, selectionSet }] } });
    const used = new Set((part.variableDefinitions ?? []).map(({ variable }) => variable.name.value));
    return {
      ...node, operation: written(part),
      ...(node.variableUsages && { variableUsages: node.variableUsages.filter((name) => used.has(name)) }),
      requires: demanding(keeping(node.requires!, (name) => !all.includes(name) || wanted.includes(name)), wanted.filter((name) => always.has(name))),
    };
  });
}

/** The selection with the fields of one group; null when none of them is in it. `__typename` comes along with any. */
function only(set: SelectionSetNode, typeName: string, belongs: (typeName: string, field: FieldNode) => boolean): SelectionSetNode | null {
  const kept: SelectionNode[] = set.selections.flatMap((each): SelectionNode[] => {
    if (each.kind === Kind.FIELD) return each.name.value === '__typename' || belongs(typeName, each) ? [each] : [];
    if (each.kind !== Kind.INLINE_FRAGMENT) return [];
    const inner = only(each.selectionSet, each.typeCondition?.name.value ?? typeName, belongs);
    return inner ? [{ ...each, selectionSet: inner }] : [];
  });
  return kept.some((each) => each.kind !== Kind.FIELD || each.name.value !== '__typename') ? { ...set, selections: kept } : null;
}

function trimmed(operation: OperationDefinitionNode): OperationDefinitionNode {
  const used = new Set<string>();
  visit(operation, { VariableDefinition: () => false, Variable: ({ name }) => void used.add(name.value) });
  return { ...operation, variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value)) };
}

/** A key stays, and of what is required only what this group requires. */
const keeping = (selections: readonly QueryPlanSelectionNode[], keep: (name: string) => boolean): QueryPlanSelectionNode[] =>
  selections.flatMap((each): QueryPlanSelectionNode[] => {
    if (each.kind === 'Field') return keep(each.name) ? [each] : [];
    return [{ ...each, selections: keeping(each.selections, keep) }];
  });

/** Where one fragment names the object and another what is required, an object that has only the former is not asked. */
function demanding(selections: readonly QueryPlanSelectionNode[], names: readonly string[]): QueryPlanSelectionNode[] {
  const fields = names.flatMap((name) => fieldNamed(selections, name) ?? []);
  return selections.map((each) => (each.kind === 'Field' ? each : { ...each, selections: [...each.selections, ...fields.filter(({ name }) => !fieldNamed(each.selections, name))] }));
}

type RequiredField = Extract<QueryPlanSelectionNode, { kind: 'Field' }>;
function fieldNamed(selections: readonly QueryPlanSelectionNode[], name: string): RequiredField | undefined {
  for (const each of selections) {
    const found = each.kind === 'Field' ? (each.name === name ? each : undefined) : fieldNamed(each.selections, name);
    if (found) return found;
  }
  return undefined;
}

function renamed(node: FetchNode, { fields }: Requirements): FetchNode {
  if (fields.size === 0) return node;
  const planned = operationOf(node);
  const operation: OperationDefinitionNode = visit(planned, { Field: (field: FieldNode): FieldNode | undefined => {
    const asked = fields.get(field.name.value);
    return asked && { ...field, name: asked.name, arguments: asked.arguments ?? [], alias: field.alias ?? field.name };
  } });
  const rewrites = namedBack(node.requires ?? [], fields, []);
  return { ...node, ...(operation !== planned && { operation: written(operation) }), ...(rewrites.length > 0 && { inputRewrites: [...node.inputRewrites ?? [], ...rewrites] }) };
}

/** In a representation a required field stands under its real name; what is inside goes first, while its place still has its name. */
function namedBack(selections: readonly QueryPlanSelectionNode[], fields: Requirements['fields'], path: readonly string[]): FetchDataRewrite[] {
  return selections.flatMap((each): FetchDataRewrite[] => {
    if (each.kind === 'InlineFragment') return namedBack(each.selections, fields, each.typeCondition ? [...path, `... on ${each.typeCondition}`] : path);
    const here = [...path, each.name];
    const asked = fields.get(each.name);
    return [...namedBack(each.selections ?? [], fields, here), ...(asked ? [{ kind: 'KeyRenamer' as const, path: here, renameKeyTo: asked.name.value }] : [])];
  });
}
