/** What a supergraph says its parts are worth (`@cost`, `@listSize`), read once; and what an answer is counted by. */
import { Kind, parse, type ConstDirectiveNode, type ConstValueNode, type DocumentNode, type TypeNode } from 'graphql';
import type { Weights } from '../compile/weights.ts';
import { argumentOf, namesIn, type Names, type Specification } from './specifications.ts';

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

/** What an answer over this supergraph is counted by. Whoever pays for a root field does not pay for the root, and the schema is paid for as a whole. */
export function weightsOf(sdl: string): Weights {
  const document = parse(sdl, { noLocation: true });
  const costs = costsIn(document, namesIn(document));
  const roots = new Set(document.definitions.flatMap((node) => (node.kind === Kind.SCHEMA_DEFINITION ? node.operationTypes.map(({ type }) => type.name.value) : [])));
  const leaves = new Set(['ID', 'String', 'Int', 'Float', 'Boolean']);
  for (const node of document.definitions) if (node.kind === Kind.SCALAR_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_DEFINITION) leaves.add(node.name.value);
  const ofType = (name: string): number => costs.types.get(name) ?? (leaves.has(name) || roots.has(name) || name.startsWith('__') ? 0 : 1);

  const fields = new Map<string, number>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of node.fields ?? []) {
      const coordinate = `${node.name.value}.${field.name.value}`;
      const given = nameOf(field.type);
      const said = costs.fields.get(coordinate);
      const more = leaves.has(given) ? said ?? ofType(given) : said === undefined ? 0 : said - ofType(given);
      if (more !== 0) fields.set(coordinate, more);
    }
  }
  return { ofType, ofField: (coordinate) => fields.get(coordinate) ?? 0 };
}

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));
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
