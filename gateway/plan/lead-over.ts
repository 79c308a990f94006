/** A document in which what is asked of a type behind an interface object is asked of the object itself (`itself.ts`). */
import {
  Kind, getNamedType, isAbstractType, isCompositeType, isObjectType,
  type DirectiveNode, type DocumentNode, type FieldNode, type FragmentSpreadNode, type GraphQLCompositeType, type GraphQLInterfaceType, type GraphQLObjectType, type GraphQLSchema, type InlineFragmentNode, type SelectionNode, type SelectionSetNode,
} from 'graphql';
import type { Itself } from './itself.ts';

interface Leading { schema: GraphQLSchema; itself: Itself; fragments: ReadonlyMap<string, string> }
/** A type, and the interfaces of which an object found there may be an interface object. */
interface Here { type: GraphQLCompositeType; near: readonly string[] }

export function leadOver(document: DocumentNode, schema: GraphQLSchema, itself: Itself): DocumentNode {
  if (itself.fields.size === 0) return document;
  const fragments = new Map(document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each.typeCondition.name.value]] : [])));
  const given: Leading = { schema, itself, fragments };
  return { ...document, definitions: document.definitions.map((each) => {
    if (each.kind === Kind.OPERATION_DEFINITION) return { ...each, selectionSet: led(each.selectionSet, { type: schema.getRootType(each.operation)!, near: [] }, given) };
    if (each.kind !== Kind.FRAGMENT_DEFINITION) return each;
    // Wherever it is spread, an object there may be an interface object.
    return { ...each, selectionSet: led(each.selectionSet, narrowed({ type: composite(each.typeCondition.name.value, schema), near: [...itself.fields.keys()] }, schema), given) };
  }) };
}

const led = (set: SelectionSetNode, here: Here, given: Leading): SelectionSetNode => ({ ...set, selections: set.selections.flatMap((each) =>
  (each.kind === Kind.FIELD ? fieldLed(each, here, given) : fragmentLed(each, here, given))) });

function fieldLed(field: FieldNode, { type, near }: Here, given: Leading): SelectionNode[] {
  if (field.name.value === '__typename') {
    // Of the interface itself the planner knows how to ask; of what is above it, it does not.
    const unknown = near.filter((name) => name !== type.name);
    return unknown.length === 0 ? [field] : unknown.map((name) => self(name, [field], type, given));
  }
  if (!field.selectionSet || !('getFields' in type)) return [field];
  const found = type.getFields()[field.name.value];
  const below = found && getNamedType(found.type);
  if (!isCompositeType(below)) return [field];
  return [{ ...field, selectionSet: led(field.selectionSet, { type: below, near: given.itself.near(type.name, field.name.value) }, given) }];
}

function fragmentLed(fragment: InlineFragmentNode | FragmentSpreadNode, here: Here, given: Leading): SelectionNode[] {
  const { schema } = given;
  const condition = fragment.kind === Kind.FRAGMENT_SPREAD ? given.fragments.get(fragment.name.value) : fragment.typeCondition?.name.value;
  const type = condition === undefined ? here.type : composite(condition, schema);
  const over = here.near.filter((name) => !isWithin(interfaceOf(name, schema), type, schema) && meet(interfaceOf(name, schema), type, schema));
  if (over.length === 0) return [inner(fragment, narrowed({ type, near: here.near }, schema), given)];
  const [conditions, others] = parted(fragment.directives ?? []);
  const asked = { ...inner(fragment, { type, near: [] }, given), directives: others };
  const outside = objectsOf(type, schema).filter((each) => objectsOf(here.type, schema).includes(each) && !over.some((name) => objectsOf(interfaceOf(name, schema), schema).includes(each)));
  return [
    ...outside.map((each) => on(each.name, [fragment.kind === Kind.FRAGMENT_SPREAD ? fragment : inner(fragment, { type, near: [] }, given)])),
    ...over.map((name) => self(name, [asked], here.type, given, conditions)),
  ];
}

const inner = (fragment: InlineFragmentNode | FragmentSpreadNode, here: Here, given: Leading): InlineFragmentNode | FragmentSpreadNode =>
  (fragment.kind === Kind.FRAGMENT_SPREAD ? fragment : { ...fragment, selectionSet: led(fragment.selectionSet, here, given) });

/** Where it is known to be an object of a type, it is no interface object; nor of interfaces that it cannot be. */
const narrowed = ({ type, near }: Here, schema: GraphQLSchema): Here => ({ type, near: near.filter((name) => isAbstractType(type) && meet(interfaceOf(name, schema), type, schema)) });

function self(name: string, selections: readonly SelectionNode[], above: GraphQLCompositeType, { schema, itself }: Leading, directives: readonly DirectiveNode[] = []): SelectionNode {
  const field: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: itself.fields.get(name)! }, directives, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  return isWithin(above, interfaceOf(name, schema), schema) ? field : on(name, [field]);
}

const on = (name: string, selections: readonly SelectionNode[]): InlineFragmentNode =>
  ({ kind: Kind.INLINE_FRAGMENT, typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } }, selectionSet: { kind: Kind.SELECTION_SET, selections } });

const CONDITIONS = new Set(['skip', 'include']);
/** What decides whether it is wanted stands on the way there, so that nobody is asked for nothing. */
const parted = (directives: readonly DirectiveNode[]): [DirectiveNode[], DirectiveNode[]] =>
  [directives.filter(({ name }) => CONDITIONS.has(name.value)), directives.filter(({ name }) => !CONDITIONS.has(name.value))];

const composite = (name: string, schema: GraphQLSchema): GraphQLCompositeType => schema.getType(name) as GraphQLCompositeType;
const interfaceOf = (name: string, schema: GraphQLSchema): GraphQLInterfaceType => schema.getType(name) as GraphQLInterfaceType;
const objectsOf = (type: GraphQLCompositeType, schema: GraphQLSchema): readonly GraphQLObjectType[] => (isObjectType(type) ? [type] : schema.getPossibleTypes(type));
const meet = (one: GraphQLCompositeType, other: GraphQLCompositeType, schema: GraphQLSchema): boolean => objectsOf(one, schema).some((each) => objectsOf(other, schema).includes(each));
const isWithin = (one: GraphQLCompositeType, other: GraphQLCompositeType, schema: GraphQLSchema): boolean =>
  one === other || (isAbstractType(other) && 'getFields' in one && schema.isSubType(other, one));
