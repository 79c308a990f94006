/** What a supergraph says its parts are worth (`@cost`, `@listSize`), read once; and what an answer is counted by. */
import {
  getNamedType, isCompositeType, isInterfaceType, isLeafType, isObjectType, Kind,
  type ConstDirectiveNode, type ConstValueNode, type DocumentNode, type GraphQLSchema,
} from 'graphql';
import { argumentOf, type Names, type Specification } from './specifications.ts';

/** How long a list is: by the first of its arguments that says so, else as long as is assumed. */
export interface ListLength { assumedSize: number | null; slicingArguments: readonly string[]; sizedFields: readonly string[]; requireOneSlicingArgument: boolean }

export interface Costs {
  /** Points of each value of a type; what is not named is 1 for composite types and 0 for leaves. */
  types: ReadonlyMap<string, number>;
  /** Points of each value of a field, instead of its type's. */
  fields: ReadonlyMap<string, number>;
  /** Points of an argument that is given, `Type.field(name:)`, and of an input's field, `Input.field`. */
  inputs: ReadonlyMap<string, number>;
  lists: ReadonlyMap<string, ListLength>;
}

/** What an answer is counted by: the sum over everything that came. */
export interface Weights {
  /** Points of each object, by the type that it is. */
  ofType(name: string): number;
  /** Points of each value that a field gave, on top of those of its type and be they negative: each entry of a list, nothing for null. 0 for nearly all. */
  ofField(coordinate: string): number;
}

export function costsIn(document: DocumentNode, names: Names): Costs {
  const costs = { types: new Map<string, number>(), fields: new Map<string, number>(), inputs: new Map<string, number>(), lists: new Map<string, ListLength>() };
  const weight = (directives: readonly ConstDirectiveNode[] | undefined, into: Map<string, number>, coordinate: string) => {
    const said = find(directives, names, 'cost');
    const value = said && numberOf(argumentOf(said, 'weight'));
    if (value != null) into.set(coordinate, value);
  };
  for (const node of document.definitions) {
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
      for (const field of node.fields ?? []) weight(field.directives, costs.inputs, `${node.name.value}.${field.name.value}`);
    }
    if (node.kind === Kind.SCALAR_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_DEFINITION) weight(node.directives, costs.types, node.name.value);
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    weight(node.directives, costs.types, node.name.value);
    for (const field of node.fields ?? []) {
      const coordinate = `${node.name.value}.${field.name.value}`;
      weight(field.directives, costs.fields, coordinate);
      for (const argument of field.arguments ?? []) weight(argument.directives, costs.inputs, `${coordinate}(${argument.name.value}:)`);
      const list = find(field.directives, names, 'listSize');
      if (list) costs.lists.set(coordinate, lengthOf(list));
    }
  }
  overInterfaces(document, costs);
  return costs;
}

/** A field of an interface is as dear, and as long, as the dearest and longest behind it: it may not say so itself. */
function overInterfaces(document: DocumentNode, costs: { fields: Map<string, number>; lists: Map<string, ListLength> }): void {
  const inner = new Map(document.definitions.flatMap((node) => (node.kind === Kind.INTERFACE_TYPE_DEFINITION ? [[node.name.value, node]] : [])));
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const { name } of type.interfaces ?? []) {
      for (const field of inner.get(name.value)?.fields ?? []) {
        const [own, behind] = [`${name.value}.${field.name.value}`, `${type.name.value}.${field.name.value}`];
        const [cost, list] = [costs.fields.get(behind), costs.lists.get(behind)];
        if (cost !== undefined) costs.fields.set(own, Math.max(cost, costs.fields.get(own) ?? 0));
        if (list && (costs.lists.get(own)?.assumedSize ?? -1) < (list.assumedSize ?? 0)) costs.lists.set(own, list);
      }
    }
  }
}

const known = new WeakMap<Costs, WeakMap<GraphQLSchema, Weights>>();

/** The weights that a schema's types and fields have; read once for each schema. */
export function weightsOf(schema: GraphQLSchema, costs: Costs): Weights {
  const ofCosts = known.get(costs) ?? new WeakMap<GraphQLSchema, Weights>();
  known.set(costs, ofCosts);
  const weights = ofCosts.get(schema) ?? readWeights(schema, costs);
  ofCosts.set(schema, weights);
  return weights;
}

function readWeights(schema: GraphQLSchema, costs: Costs): Weights {
  const ofType = (name: string): number => {
    const type = schema.getType(name);
    return costs.types.get(name) ?? (isCompositeType(type) ? 1 : 0);
  };
  const fields = new Map<string, number>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const given = getNamedType(field.type);
      const said = costs.fields.get(`${type.name}.${field.name}`);
      const more = isLeafType(given) ? said ?? ofType(given.name) : said === undefined ? 0 : said - ofType(given.name);
      if (more !== 0) fields.set(`${type.name}.${field.name}`, more);
    }
  }
  return { ofType, ofField: (coordinate) => fields.get(coordinate) ?? 0 };
}

const find = (directives: readonly ConstDirectiveNode[] | undefined, names: Names, wanted: Specification) => directives?.find(({ name }) => names.directives.get(name.value) === wanted);
const numberOf = (value: ConstValueNode | undefined): number | null => (value?.kind === Kind.INT ? Number(value.value) : null);
const textsOf = (value: ConstValueNode | undefined): string[] => (value?.kind === Kind.LIST ? value.values.flatMap((one) => (one.kind === Kind.STRING ? [one.value] : [])) : []);

function lengthOf(directive: ConstDirectiveNode): ListLength {
  const required = argumentOf(directive, 'requireOneSlicingArgument');
  const slicingArguments = textsOf(argumentOf(directive, 'slicingArguments'));
  return {
    assumedSize: numberOf(argumentOf(directive, 'assumedSize')),
    slicingArguments,
    sizedFields: textsOf(argumentOf(directive, 'sizedFields')),
    requireOneSlicingArgument: slicingArguments.length > 0 && !(required?.kind === Kind.BOOLEAN && !required.value),
  };
}
