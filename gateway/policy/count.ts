/** What an answer was worth: the points of everything that came, by the selections that asked for it. */
import {
  getNamedType, isAbstractType, isCompositeType, isInterfaceType, isObjectType, Kind,
  type DocumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLNamedType, type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import type { Weights } from './weights.ts';

type Data = Record<string, unknown>;

/** The type of an object of an abstract field is only known where `__typename` was asked for; else it counts as the field's type. */
export function countAnswer(given: { schema: GraphQLSchema; weights: Weights; document: DocumentNode; operation: OperationDefinitionNode; data: Data | null | undefined }): number {
  const { schema, weights, document, operation, data } = given;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);

  /** The fields that an object of this type is asked for, by response key: selections of one key are one field. */
  const collect = (sets: readonly SelectionSetNode[], type: GraphQLNamedType, into = new Map<string, FieldNode[]>()): Map<string, FieldNode[]> => {
    for (const selection of sets.flatMap((set) => set.selections)) {
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        into.set(key, [...into.get(key) ?? [], selection]);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      const condition = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value);
      const fits = !condition || condition === type || (isAbstractType(condition) && isObjectType(type) && schema.isSubType(condition, type));
      if (fragment && (fits || isAbstractType(type))) collect([fragment.selectionSet], type, into);
    }
    return into;
  };

  const object = (value: Data, sets: readonly SelectionSetNode[], declared: GraphQLNamedType): number => {
    const named = typeof value.__typename === 'string' ? schema.getType(value.__typename) : undefined;
    const type = isObjectType(named) ? named : declared;
    let points = weights.ofType(type.name);
    if (!isObjectType(type) && !isInterfaceType(type)) return points;
    for (const [key, nodes] of collect(sets, type)) {
      const field = type.getFields()[nodes[0]!.name.value];
      if (!field || value[key] == null) continue;
      const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      points += each(value[key], (one) => weights.ofField(`${type.name}.${field.name}`) + (isCompositeType(getNamedType(field.type)) ? object(one as Data, inner, getNamedType(field.type)) : 0));
    }
    return points;
  };

  const root = schema.getRootType(operation.operation);
  return root && data ? object(data, [operation.selectionSet], root) - weights.ofType(root.name) : 0;
}

const each = (value: unknown, count: (one: unknown) => number): number =>
  (Array.isArray(value) ? value.reduce<number>((points, one) => points + (one == null ? 0 : each(one, count)), 0) : count(value));
