/**
 * The planner knows what a `@requires` asks for by names alone: two that want one field with different arguments get one
 * of the two, and a client's own arguments take the place of both. So the supergraph that is planned over calls every
 * required field that takes arguments by a name of its own; in the plan it gets its name and its arguments back.
 */
import { Kind, isInterfaceType, isObjectType, parse, print, visit, buildASTSchema, getNamedType, type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, type FieldNode, type GraphQLNamedType, type GraphQLSchema, type InterfaceTypeDefinitionNode, type ObjectTypeDefinitionNode, type SelectionSetNode } from 'graphql';

export interface Requirements {
  /** The supergraph to plan over. */
  sdl: string;
  /** A name of its own → the field as it is asked for. */
  fields: ReadonlyMap<string, FieldNode>;
  /** `service.Type.field` → names of the fields that it requires, as the planner calls them. */
  needs: ReadonlyMap<string, readonly string[]>;
  /** The same whole. */
  sets: ReadonlyMap<string, SelectionSetNode>;
  /** `service.Type` → keys of plain fields by which the service finds it. */
  keys: ReadonlyMap<string, readonly (readonly string[])[]>;
  /** `Type.field` → services that answer it without requiring anything. */
  owners: ReadonlyMap<string, readonly string[]>;
  /** `service.field` of what a service may bring along though it is external. */
  provided: ReadonlySet<string>;
  schema: GraphQLSchema;
}

interface Building { schema: GraphQLSchema; document: DocumentNode; fields: Map<string, FieldNode>; names: Map<string, string>; added: Map<string, Added[]> }
/** A field to be added to a type, and the graph that knows it as external. */
interface Added { name: string; original: string; graph: string }

export function separate(sdl: string): Requirements {
  const document = parse(sdl, { noLocation: true });
  const building: Building = { schema: buildASTSchema(document, { assumeValid: true, assumeValidSDL: true }), document, fields: new Map(), names: new Map(), added: new Map() };
  const sets = new Map<string, SelectionSetNode>();
  const graphs = graphNames(document);
  const fieldsOf = (type: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode) => type.fields?.map((field) => requiring(field, type.name.value, { building, sets, graphs }));
  const renamed: DocumentNode = visit(document, {
    ObjectTypeDefinition: (type) => ({ ...type, directives: type.directives?.filter((directive) => !isNeedlessKey(directive, type.directives ?? [])), fields: fieldsOf(type) }),
    // What an interface object requires stands on the interface.
    InterfaceTypeDefinition: (type) => ({ ...type, fields: fieldsOf(type) }),
  });
  const needs = new Map([...sets].map(([name, set]) => [name, namesIn(set)] as const));
  return { sdl: print(withAdded(renamed, building)), fields: building.fields, needs, sets, keys: plainKeys(document, graphs), ...ownership(document, graphs), schema: building.schema };
}

function requiring(field: FieldDefinitionNode, typeName: string, { building, sets, graphs }: { building: Building; sets: Map<string, SelectionSetNode>; graphs: ReadonlyMap<string, string> }): FieldDefinitionNode {
  const directives = field.directives?.map((directive) => {
    const [text, graph] = [valueOf(directive, 'requires'), valueOf(directive, 'graph')];
    if (directive.name.value !== 'join__field' || text === undefined || graph === undefined) return directive;
    const set = rename(setOf(text), building.schema.getType(typeName), graph, building);
    sets.set(`${graphs.get(graph)}.${typeName}.${field.name.value}`, set);
    const value = print(set).replace(/\s+/g, ' ').slice(1, -1).trim();
    return { ...directive, arguments: directive.arguments?.map((each) => (each.name.value === 'requires' ? { ...each, value: { kind: Kind.STRING as const, value } } : each)) };
  });
  return { ...field, ...(directives && { directives }) };
}

/** The same selection, in which each field that takes arguments goes by a name of its own. */
function rename(set: SelectionSetNode, type: GraphQLNamedType | undefined, graph: string, building: Building): SelectionSetNode {
  return { ...set, selections: set.selections.map((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const on = selection.typeCondition ? building.schema.getType(selection.typeCondition.name.value) : type;
      return { ...selection, selectionSet: rename(selection.selectionSet, on, graph, building) };
    }
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[selection.name.value] : undefined;
    const inner = selection.selectionSet && { selectionSet: rename(selection.selectionSet, field && getNamedType(field.type), graph, building) };
    if (!field || field.args.length === 0) return { ...selection, ...inner };
    const name = ownName(selection, building);
    add(type!.name, { name, original: selection.name.value, graph }, building);
    return { kind: Kind.FIELD, name: { kind: Kind.NAME, value: name }, ...inner };
  }) };
}

function ownName({ name, arguments: given }: FieldNode, { names, fields, schema }: Building): string {
  const asked: FieldNode = { kind: Kind.FIELD, name, ...(given && { arguments: given }) };
  const text = print(asked);
  const known = names.get(text);
  if (known) return known;
  let own = `${name.value}_required_${names.size}`;
  while (Object.values(schema.getTypeMap()).some((type) => 'getFields' in type && own in type.getFields())) own += '_';
  names.set(text, own);
  fields.set(own, asked);
  return own;
}

/** What an interface offers, all that implement it offer too. */
function add(typeName: string, what: Added, { schema, added }: Building): void {
  const type = schema.getType(typeName);
  const names = [typeName, ...(isInterfaceType(type) ? [...schema.getImplementations(type).objects, ...schema.getImplementations(type).interfaces].map(({ name }) => name) : [])];
  for (const name of names) added.set(name, [...(added.get(name) ?? []), what]);
}

function withAdded(document: DocumentNode, { added }: Building): DocumentNode {
  const extend = <T extends { name: { value: string }; fields?: readonly FieldDefinitionNode[] | undefined }>(type: T): T | undefined => {
    const wanted = added.get(type.name.value);
    if (!wanted) return undefined;
    const names = new Set(wanted.map(({ name }) => name));
    const made = [...names].flatMap((name) => {
      const of = wanted.filter((each) => each.name === name);
      const original = type.fields?.find((field) => field.name.value === of[0]!.original);
      return original ? [{ ...original, name: { kind: Kind.NAME as const, value: name }, arguments: [], directives: placed(original, new Set(of.map(({ graph }) => graph))) }] : [];
    });
    return { ...type, fields: [...type.fields ?? [], ...made] };
  };
  return visit(document, { ObjectTypeDefinition: extend, InterfaceTypeDefinition: extend });
}

/** Where the field is answered, its other name is too; who requires it knows it from outside. */
function placed(original: FieldDefinitionNode, requiring: ReadonlySet<string>): ConstDirectiveNode[] {
  const joins = (original.directives ?? []).filter((directive) => directive.name.value === 'join__field');
  return joins.filter((directive) => flag(directive, 'external') !== true || requiring.has(valueOf(directive, 'graph') ?? ''));
}

/** Of a type that a subgraph finds by one key, the keys that it does not find it by are of no use to a planner that would use them. */
function isNeedlessKey(directive: ConstDirectiveNode, all: readonly ConstDirectiveNode[]): boolean {
  if (directive.name.value !== 'join__type' || flag(directive, 'resolvable') !== false) return false;
  return all.some((each) => each.name.value === 'join__type' && valueOf(each, 'graph') === valueOf(directive, 'graph') && valueOf(each, 'key') !== undefined && flag(each, 'resolvable') !== false);
}

function ownership(document: DocumentNode, graphs: ReadonlyMap<string, string>): Pick<Requirements, 'owners' | 'provided'> {
  const owners = new Map<string, string[]>();
  const provided = new Set<string>();
  visit(document, { ObjectTypeDefinition: (type) => void type.fields?.forEach((field) => joinsOf(field, type).forEach((directive) => {
    const service = graphs.get(valueOf(directive, 'graph') ?? '');
    if (service === undefined) return;
    const at = `${type.name.value}.${field.name.value}`;
    const plain = flag(directive, 'external') !== true && valueOf(directive, 'requires') === undefined && argument(directive, 'overrideLabel') === undefined;
    if (plain) owners.set(at, [...(owners.get(at) ?? []), service]);
    for (const name of valueOf(directive, 'provides')?.match(/\w+/g) ?? []) provided.add(`${service}.${name}`);
  })) });
  return { owners, provided };
}

/** A field that says nothing is in every graph of its type. */
function joinsOf(field: FieldDefinitionNode, type: ObjectTypeDefinitionNode): readonly ConstDirectiveNode[] {
  const own = field.directives?.filter(({ name }) => name.value === 'join__field') ?? [];
  return own.length > 0 ? own : (type.directives ?? []).filter(({ name }) => name.value === 'join__type');
}

function plainKeys(document: DocumentNode, graphs: ReadonlyMap<string, string>): Requirements['keys'] {
  const keys = new Map<string, (readonly string[])[]>();
  visit(document, { ObjectTypeDefinition: ({ name, directives }) => void directives?.forEach((directive) => {
    const key = directive.name.value === 'join__type' && flag(directive, 'resolvable') !== false ? valueOf(directive, 'key') : undefined;
    if (key === undefined || /[{.]/.test(key)) return;
    const at = `${graphs.get(valueOf(directive, 'graph') ?? '')}.${name.value}`;
    keys.set(at, [...(keys.get(at) ?? []), key.trim().split(/[\s,]+/)]);
  }) });
  return keys;
}

function graphNames(document: DocumentNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const { name, directives } of definition.values ?? []) names.set(name.value, directives?.flatMap((each) => valueOf(each, 'name') ?? [])[0] ?? name.value);
  }
  return names;
}

const argument = (directive: ConstDirectiveNode, name: string) => directive.arguments?.find((each) => each.name.value === name)?.value;
const flag = (directive: ConstDirectiveNode, name: string): boolean | undefined => {
  const value = argument(directive, name);
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
};
const valueOf = (directive: ConstDirectiveNode, name: string): string | undefined => {
  const value = argument(directive, name);
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
};
const setOf = (text: string): SelectionSetNode => {
  const [definition] = parse(text.trim().startsWith('{') ? text : `{ ${text} }`, { noLocation: true }).definitions;
  return (definition as { selectionSet: SelectionSetNode }).selectionSet;
};
const namesIn = (set: SelectionSetNode): string[] => set.selections.flatMap((each) => (each.kind === Kind.FIELD ? [each.name.value] : each.kind === Kind.INLINE_FRAGMENT ? namesIn(each.selectionSet) : []));
