/**
 * Of an interface object, only the subgraphs that have the interface know what it is. Asked for a type behind one, the
 * planner fetches the name there, goes back to where it came from, and on from there: it runs in circles, comes back by
 * keys that find nothing, or leaves out what was asked. So the supergraph that is planned over has one more field on such
 * an interface, which one of those subgraphs answers: the object itself. A document is led over it (`lead-over.ts`), which
 * makes the planner go on from there; in the plan, the field is an object's own place again (`dissolve.ts`).
 */
import { Kind, buildASTSchema, isCompositeType, isInterfaceType, isObjectType, getNamedType, parse, print, valueFromASTUntyped, visit, type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, type GraphQLSchema, type InterfaceTypeDefinitionNode, type ObjectTypeDefinitionNode } from 'graphql';

export interface Itself {
  /** The supergraph to plan over. */
  sdl: string;
  /** By interface, the field that is the object itself. */
  fields: ReadonlyMap<string, string>;
  /** The names of those fields, and a schema that has them. */
  names: ReadonlySet<string>;
  schema: GraphQLSchema;
  /** Interfaces of which the value of `Type.field` may be an interface object. */
  near(typeName: string, fieldName: string): readonly string[];
}

type Typed = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;
/** What a supergraph says of the types that have fields. */
interface Joined {
  types: ReadonlyMap<string, Typed>;
  /** By interface, the graphs in which it is an interface object. */
  objects: ReadonlyMap<string, ReadonlySet<string>>;
}

export function itself(sdl: string, schema: GraphQLSchema): Itself {
  const document = parse(sdl, { noLocation: true });
  const joined = readFrom(document);
  const fields = new Map([...joined.objects.keys()].filter((name) => isInterfaceType(schema.getType(name)) && knowing(joined, name) !== undefined).map((name) => [name, freeName(name, joined)]));
  const known = new Map<string, readonly string[]>();
  const extended = fields.size > 0 ? withFields(document, fields, joined) : document;
  return {
    sdl: fields.size > 0 ? print(extended) : sdl,
    fields,
    names: new Set(fields.values()),
    schema: fields.size > 0 ? buildASTSchema(extended, { assumeValid: true, assumeValidSDL: true }) : schema,
    near(typeName, fieldName) {
      const at = `${typeName}.${fieldName}`;
      let found = known.get(at);
      if (!found) known.set(at, found = fields.size > 0 ? nearOf(typeName, fieldName, { schema, fields, joined }) : []);
      return found;
    },
  };
}

function readFrom(document: DocumentNode): Joined {
  const types = new Map<string, Typed>();
  const objects = new Map<string, Set<string>>();
  for (const each of document.definitions) {
    if (each.kind !== Kind.OBJECT_TYPE_DEFINITION && each.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    types.set(each.name.value, each);
    const graphs = joins(each, 'join__type').filter(({ isInterfaceObject }) => isInterfaceObject === true).map(({ graph }) => String(graph));
    if (graphs.length > 0) objects.set(each.name.value, new Set(graphs));
  }
  return { types, objects };
}

const joins = ({ directives }: { directives?: readonly ConstDirectiveNode[] | undefined }, name: string): Record<string, unknown>[] => (directives ?? [])
  .filter((each) => each.name.value === name)
  .map((each) => Object.fromEntries((each.arguments ?? []).map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)])));

const graphsOf = (of: Parameters<typeof joins>[0], name: string): string[] => joins(of, name).flatMap(({ graph }) => (typeof graph === 'string' ? [graph] : []));

/**
 * The graph that is asked what an object is: of those that have the interface, one that most of the others can name an
 * object to. One alone, because the planner weighs all ways to each object against one another where there are several.
 */
function knowing({ types, objects }: Joined, name: string): string | undefined {
  const all = joins(types.get(name)!, 'join__type');
  const [there, here] = [all.filter(({ graph }) => objects.get(name)!.has(String(graph))), all.filter(({ graph }) => !objects.get(name)!.has(String(graph)))];
  const fitting = (graph: unknown): number => there.filter(({ key }) => here.some((each) => each.graph === graph && each.key !== undefined && each.key === key && each.resolvable !== false)).length;
  const best = here.reduce<Record<string, unknown> | undefined>((found, each) => (found && fitting(found.graph) >= fitting(each.graph) ? found : each), undefined);
  return best && String(best.graph);
}

function freeName(interfaceName: string, { types }: Joined): string {
  const taken = new Set([...types.values()].flatMap(({ fields }) => (fields ?? []).map(({ name }) => name.value)));
  let name = `${interfaceName}_itself`;
  while (taken.has(name)) name += '_';
  return name;
}

function withFields(document: DocumentNode, fields: ReadonlyMap<string, string>, joined: Joined): DocumentNode {
  const extended = (type: Typed): Typed => {
    const added = [...fields].flatMap(([on, name]): FieldDefinitionNode[] => {
      const implemented = joins(type, 'join__implements').filter((each) => each.interface === on).map(({ graph }) => String(graph));
      if (type.name.value !== on && implemented.length === 0) return [];
      const graph = knowing(joined, on)!;
      const has = type.name.value === on || (implemented.includes(graph) && !joined.objects.get(type.name.value)?.has(graph));
      return [{ kind: Kind.FIELD_DEFINITION, name: { kind: Kind.NAME, value: name }, type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: on } }, directives: [answered(has ? graph : null)] }];
    });
    return { ...type, fields: [...type.fields ?? [], ...added] };
  };
  return visit(document, { ObjectTypeDefinition: extended, InterfaceTypeDefinition: extended });
}

/** A field of no graph says so by a `join__field` without one. */
const answered = (graph: string | null): ConstDirectiveNode => ({
  kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'join__field' },
  arguments: graph === null ? [] : [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'graph' }, value: { kind: Kind.ENUM, value: graph } }],
});

function nearOf(typeName: string, fieldName: string, { schema, fields, joined }: { schema: GraphQLSchema; fields: ReadonlyMap<string, string>; joined: Joined }): string[] {
  const type = schema.getType(typeName);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
  const value = field && getNamedType(field.type);
  if (!value || !isCompositeType(value) || isObjectType(value)) return [];
  const graphs = answering(typeName, fieldName, schema, joined);
  return [...fields.keys()].filter((name) => [...joined.objects.get(name)!].some((graph) => graphs.has(graph) &&
    (name === value.name || joins(joined.types.get(name)!, 'join__implements').some((each) => each.graph === graph && each.interface === value.name))));
}

/** Graphs that may answer the field of an object that is of this type: as the type, one that it implements, or one that implements it. */
function answering(typeName: string, fieldName: string, schema: GraphQLSchema, { types }: Joined): ReadonlySet<string> {
  const type = schema.getType(typeName);
  const related = [typeName, ...(isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : []).map(({ name }) => name), ...(isInterfaceType(type) ? schema.getPossibleTypes(type) : []).map(({ name }) => name)];
  return new Set(related.flatMap((name) => {
    const found = types.get(name)?.fields?.find((each) => each.name.value === fieldName);
    if (!found) return [];
    return joins(found, 'join__field').length > 0 ? graphsOf(found, 'join__field') : graphsOf(types.get(name)!, 'join__type');
  }));
}
