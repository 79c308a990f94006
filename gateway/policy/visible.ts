/**
 * The schema as a caller sees it. A key sees what its scopes reach; a person sees all of it, because what they may
 * changes with the tenant that they act in. It answers introspection and nothing else: every document is checked against the whole
 * schema, so a field that is hidden is refused as forbidden and never as unknown.
 */
import { execute, type DocumentNode, type ExecutionResult, type GraphQLSchema, type OperationDefinitionNode, Kind, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';
import { mapSchema, MapperKind, pruneSchema } from '@graphql-tools/utils';
import { LRUCache } from 'lru-cache';
import type { Viewer } from '../../platform/viewer.ts';
import type { Requirement } from './requirements.ts';
import { holdingsOf, refusal } from './scopes.ts';

/** Sets of scopes whose schema is remembered, for each schema that is served. */
const SCHEMAS_MAX = 100;
const known = new WeakMap<GraphQLSchema, LRUCache<string, GraphQLSchema>>();

export function visibleSchema(schema: GraphQLSchema, viewer: Viewer, requirements: ReadonlyMap<string, Requirement>): GraphQLSchema {
  if (viewer.kind !== 'key') return schema;
  const schemas = known.get(schema) ?? new LRUCache<string, GraphQLSchema>({ max: SCHEMAS_MAX });
  known.set(schema, schemas);
  const name = [...new Set(viewer.scopes)].sort().join(' ');
  const visible = schemas.get(name) ?? reachedBy(schema, viewer, requirements);
  schemas.set(name, visible);
  return visible;
}

function reachedBy(schema: GraphQLSchema, viewer: Viewer, requirements: ReadonlyMap<string, Requirement>): GraphQLSchema {
  const held = holdingsOf(viewer);
  const without = mapSchema(schema, {
    [MapperKind.COMPOSITE_FIELD]: (field, name, type) => {
      const requirement = requirements.get(`${type}.${name}`);
      return requirement && refusal(requirement, viewer, held) ? null : field;
    },
  });
  // What only hidden fields led to is hidden with them.
  return pruneSchema(without);
}

/** How an operation asks for the schema: not at all, beside other fields, or for nothing else. */
export function introspects(document: DocumentNode, operation: OperationDefinitionNode): 'no' | 'also' | 'only' {
  const fragments = new Map(document.definitions.flatMap((node): [string, FragmentDefinitionNode][] => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])));
  const names = new Set<string>();
  const spread = new Set<string>();
  const look = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) look(selection.selectionSet);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) look(fragment.selectionSet);
      }
    }
  };
  look(operation.selectionSet);
  if (!names.has('__schema') && !names.has('__type')) return 'no';
  return [...names].every((name) => name.startsWith('__')) ? 'only' : 'also';
}

/** Answers an operation that asks for nothing but the schema, from the schema that its caller sees. */
export const answerIntrospection = (given: { visible: GraphQLSchema; document: DocumentNode; operation: OperationDefinitionNode; variables: Readonly<Record<string, unknown>> }): ExecutionResult =>
  execute({ schema: given.visible, document: given.document, operationName: given.operation.name?.value ?? null, variableValues: { ...given.variables } }) as ExecutionResult;
