/**
 * What a `@requires` asks for with arguments, under a name of its own. The planner knows such a field by its name alone,
 * so a client's `price(currency: CHF)`, or another field that requires it in another currency, would take its place.
 * Before planning, `price(currency: "EUR")` becomes a field `price__needs0` without arguments; in the plan it is called
 * by its real name again, with its arguments, and answered under the other.
 */
import {
  Kind, parse, print, stripIgnoredCharacters, visit,
  type ArgumentNode, type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, type FieldNode, type InterfaceTypeDefinitionNode, type ObjectTypeDefinitionNode, type SelectionSetNode, type TypeNode,
} from 'graphql';

/** By the name that stands for it. */
export type Needs = ReadonlyMap<string, { field: string; arguments: string }>;
/** Which of those names each field of each subgraph requires: `service Type.field`. */
export type NeededBy = ReadonlyMap<string, readonly string[]>;
export interface Required { sdl: string; needs: Needs; neededBy: NeededBy }

type WithFields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** The same SDL when nothing is required with arguments. */
export function nameWhatIsRequired(sdl: string): Required {
  if (!/requires:\s*"[^"]*\(/.test(sdl)) return { sdl, needs: new Map(), neededBy: new Map() };
  const document = parse(sdl, { noLocation: true });
  const types = new Map(document.definitions.flatMap((each) => (hasFields(each) ? [[each.name.value, each] as [string, WithFields]] : [])));
  const named = new Names(types);
  const neededBy = new Map<string, string[]>();
  const renamed = visit(document, {
    enter(node): DocumentNode | undefined {
      if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
        return { ...node, fields: node.fields?.map((field) => rename(node.name.value, field, named, neededBy)) } as never;
      }
      return undefined;
    },
  });
  const extended = visit(renamed, { leave: (node) => (hasFields(node) ? { ...node, fields: [...(node.fields ?? []), ...named.fieldsFor(node.name.value)] } : undefined) });
  return { sdl: print(extended), needs: named.needs(), neededBy };
}

const hasFields = (node: { kind: string }): node is WithFields => node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;

function rename(typeName: string, field: FieldDefinitionNode, named: Names, neededBy: Map<string, string[]>): FieldDefinitionNode {
  return { ...field, directives: field.directives?.map((directive): ConstDirectiveNode => {
    const requires = directive.arguments?.find((argument) => argument.name.value === 'requires')?.value;
    if (directive.name.value !== 'join__field' || requires?.kind !== Kind.STRING || !requires.value.includes('(')) return directive;
    const used: string[] = [];
    const selection = named.rename(typeName, (parse(`{ ${requires.value} }`, { noLocation: true }).definitions[0] as { selectionSet: SelectionSetNode }).selectionSet, used);
    const graph = directive.arguments?.find((argument) => argument.name.value === 'graph')?.value;
    if (graph?.kind === Kind.ENUM) neededBy.set(`${graph.value} ${typeName}.${field.name.value}`, used);
    const value = stripIgnoredCharacters(print(selection)).slice(1, -1);
    return { ...directive, arguments: directive.arguments?.map((argument) => (argument.name.value === 'requires' ? { ...argument, value: { kind: Kind.STRING, value } } : argument)) } as ConstDirectiveNode;
  }) ?? [] };
}

class Names {
  readonly #types: ReadonlyMap<string, WithFields>;
  readonly #byMeaning = new Map<string, { name: string; field: string; arguments: string }>();
  readonly #toAdd = new Map<string, Map<string, FieldDefinitionNode>>();
  constructor(types: ReadonlyMap<string, WithFields>) { this.#types = types; }

  rename(typeName: string, set: SelectionSetNode, used: string[]): SelectionSetNode {
    return { ...set, selections: set.selections.map((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
      if (selection.kind === Kind.INLINE_FRAGMENT) return { ...selection, selectionSet: this.rename(selection.typeCondition?.name.value ?? typeName, selection.selectionSet, used) };
      const definition = this.#types.get(typeName)?.fields?.find((field) => field.name.value === selection.name.value);
      const inner = selection.selectionSet && definition ? { selectionSet: this.rename(nameOf(definition.type), selection.selectionSet, used) } : {};
      if (!selection.arguments?.length || !definition) return { ...selection, ...inner };
      const name = this.#nameFor(selection, typeName, definition);
      used.push(name);
      return { kind: Kind.FIELD, name: { kind: Kind.NAME, value: name }, ...inner } as FieldNode;
    }) };
  }

  #nameFor(selection: FieldNode, typeName: string, definition: FieldDefinitionNode): string {
    const given = selection.arguments!.map((argument) => print(argument)).sort().join(', ');
    const meaning = `${selection.name.value}(${given})`;
    const known = this.#byMeaning.get(meaning) ?? { name: `${selection.name.value}__needs${this.#byMeaning.size}`, field: selection.name.value, arguments: given };
    this.#byMeaning.set(meaning, known);
    // An interface's field is one of every type that implements it.
    const owners = [typeName, ...[...this.#types.values()].filter(({ interfaces }) => interfaces?.some((one) => one.name.value === typeName)).map((type) => type.name.value)];
    for (const owner of owners) {
      const own = this.#types.get(owner)?.fields?.find((field) => field.name.value === selection.name.value) ?? definition;
      const added = this.#toAdd.get(owner) ?? new Map<string, FieldDefinitionNode>();
      this.#toAdd.set(owner, added.set(known.name, { ...own, name: { kind: Kind.NAME, value: known.name }, arguments: [] }));
    }
    return known.name;
  }

  fieldsFor(typeName: string): FieldDefinitionNode[] { return [...(this.#toAdd.get(typeName)?.values() ?? [])]; }
  needs(): Needs { return new Map([...this.#byMeaning.values()].map(({ name, ...need }) => [name, need])); }
}

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));

/** The fetch as its subgraph understands it. */
export const calledByRealName = <Node extends DocumentNode | SelectionSetNode | { kind: 'OperationDefinition' }>(node: Node, needs: Needs): Node =>
  visit(node as DocumentNode, { Field: (field) => {
    const need = needs.get(field.name.value);
    if (!need) return undefined;
    const [first] = (parse(`{ f(${need.arguments}) }`, { noLocation: true }).definitions[0] as { selectionSet: SelectionSetNode }).selectionSet.selections;
    return { ...field, alias: { kind: Kind.NAME, value: (field.alias ?? field.name).value }, name: { kind: Kind.NAME, value: need.field }, arguments: (first as FieldNode).arguments as ArgumentNode[] };
  } }) as unknown as Node;
