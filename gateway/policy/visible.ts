/**
 * The schema as a caller sees it. A key sees what its scopes reach; a person sees all of it, because what they may
 * changes with the tenant that they act in. It answers introspection and nothing else: every document is checked against the whole
 * schema, so a field that is hidden is refused as forbidden and never as unknown.
 */
import type { GraphQLSchema } from 'graphql';
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
