/**
 * What an operation wants of an object of each type: fields under the names that the client gave them, fragments
 * opened, the same field asked for twice merged into one. Made when a type is first met, then kept with the plan.
 */
import {
  getNamedType, isCompositeType, isInterfaceType, isObjectType, Kind, SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef,
  type DirectiveNode, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLField, type GraphQLOutputType, type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import { calledBack, fetchedAs } from '../plan/aliases.ts';

/** Variables that must be true, or false, for something to be wanted. None: it is always wanted. */
export type Condition = readonly { variable: string; is: boolean }[];
interface Occurrence { set: SelectionSetNode; when: Condition }

export interface Wanted {
  /** Under which the client gets it. */
  readonly name: string;
  /** Under which it was fetched. */
  readonly from: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly type: GraphQLOutputType;
  readonly coordinate: string;
  /** What is wanted of the object that it holds; null for a leaf. */
  readonly inner: Selection | null;
  /** Where the document asks for it. */
  readonly nodes: readonly FieldNode[];
  /** Any of them makes it wanted. */
  readonly when: readonly Condition[];
}

export type Variables = Readonly<Record<string, unknown>>;

export const isWanted = (wanted: Wanted, variables: Variables): boolean => wanted.when.length === 0 || wanted.when.some((condition) => holds(condition, variables));
const holds = (condition: Condition, variables: Variables): boolean => condition.every(({ variable, is }) => variables[variable] === is);

export class Selection {
  readonly #byType = new Map<string, readonly Wanted[]>();
  readonly #source: Source;
  readonly #occurrences: readonly Occurrence[];

  constructor(source: Source, occurrences: readonly Occurrence[]) {
    this.#source = source;
    this.#occurrences = occurrences;
  }

  static ofOperation(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Selection {
    const fragments = new Map(document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])));
    return new Selection({ schema, fragments }, [{ set: operation.selectionSet, when: [] }]);
  }

  /** A selection by itself, without named fragments. */
  static ofSet(schema: GraphQLSchema, set: SelectionSetNode): Selection {
    return new Selection({ schema, fragments: new Map() }, [{ set, when: [] }]);
  }

  /** What is wanted of an object of this type; of an interface, when nobody said which object it is. */
  of(typeName: string): readonly Wanted[] {
    const known = this.#byType.get(typeName);
    if (known) return known;
    const made = this.#collect(typeName);
    this.#byType.set(typeName, made);
    return made;
  }

  #collect(typeName: string): Wanted[] {
    const grouped = new Map<string, { node: FieldNode; when: Condition }[]>();
    const visit = ({ set, when }: Occurrence): void => {
      for (const selection of set.selections) {
        const condition = also(when, selection.directives);
        if (!condition) continue;
        if (selection.kind === Kind.FIELD) {
          const name = fetchedAs(selection);
          grouped.set(name, [...(grouped.get(name) ?? []), { node: selection, when: condition }]);
          continue;
        }
        const part: { typeCondition?: { name: { value: string } } | undefined; selectionSet: SelectionSetNode } =
          selection.kind === Kind.FRAGMENT_SPREAD ? this.#source.fragments.get(selection.name.value)! : selection;
        if (applies(this.#source.schema, typeName, part.typeCondition?.name.value)) visit({ set: part.selectionSet, when: condition });
      }
    };
    this.#occurrences.forEach(visit);
    return [...grouped].flatMap(([from, found]) => this.#wanted(typeName, from, found) ?? []);
  }

  #wanted(typeName: string, from: string, found: { node: FieldNode; when: Condition }[]): Wanted | null {
    const { node } = found[0]!;
    const field = fieldOf(this.#source.schema, typeName, node.name.value);
    if (!field) return null;
    const composite = isCompositeType(getNamedType(field.type));
    const always = found.some(({ when }) => when.length === 0);
    return {
      name: calledBack(from), from, field,
      nodes: found.map((each) => each.node),
      type: field.type,
      coordinate: `${typeName}.${field.name}`,
      inner: composite ? new Selection(this.#source, found.map(({ node: { selectionSet }, when }) => ({ set: selectionSet!, when: always && found.length === 1 ? [] : when }))) : null,
      when: always ? [] : found.map(({ when }) => when),
    };
  }
}

interface Source { schema: GraphQLSchema; fragments: ReadonlyMap<string, FragmentDefinitionNode> }

function applies(schema: GraphQLSchema, typeName: string, condition: string | undefined): boolean {
  if (condition === undefined || condition === typeName) return true;
  const [type, wanted] = [schema.getType(typeName), schema.getType(condition)];
  return (isObjectType(type) || isInterfaceType(type)) && wanted !== undefined && 'name' in wanted && isAbstract(schema, wanted.name) && schema.isSubType(wanted as never, type);
}
const isAbstract = (schema: GraphQLSchema, name: string): boolean => {
  const type = schema.getType(name);
  return isInterfaceType(type) || (isCompositeType(type) && !isObjectType(type));
};

function fieldOf(schema: GraphQLSchema, typeName: string, name: string): GraphQLField<unknown, unknown> | null {
  if (name === '__typename') return TypeNameMetaFieldDef;
  if (typeName === schema.getQueryType()?.name) {
    if (name === '__schema') return SchemaMetaFieldDef;
    if (name === '__type') return TypeMetaFieldDef;
  }
  const type = schema.getType(typeName);
  return isObjectType(type) || isInterfaceType(type) ? (type.getFields()[name] ?? null) : null;
}

/** Null when `@skip` or `@include` leave it out whatever the variables are. */
function also(when: Condition, directives: readonly DirectiveNode[] | undefined): Condition | null {
  let all = when;
  for (const { name, arguments: given } of directives ?? []) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const value = given?.find((argument) => argument.name.value === 'if')?.value;
    const is = name.value === 'include';
    if (value?.kind === Kind.BOOLEAN) {
      if (value.value !== is) return null;
    } else if (value?.kind === Kind.VARIABLE) {
      const variable = value.name.value;
      if (all.some((one) => one.variable === variable && one.is !== is)) return null;
      if (!all.some((one) => one.variable === variable)) all = [...all, { variable, is }];
    }
  }
  return all;
}
