/** A document in which what is asked of a type behind an interface object is asked of the object itself (`itself.ts`). */
import {
  Kind, getNamedType, isAbstractType, isCompositeType, isObjectType,
  type DirectiveNode, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type FragmentSpreadNode, type GraphQLCompositeType, type GraphQLInterfaceType, type GraphQLObjectType, type GraphQLSchema, type InlineFragmentNode, type SelectionNode, type SelectionSetNode,
} from 'graphql';
import type { Itself } from './itself.ts';

interface Leading { schema: GraphQLSchema; itself: Itself; fragments: ReadonlyMap<string, FragmentDefinitionNode> }
/** A type, the objects that can be there, and the interfaces of which an object there may be an interface object. */
interface Here { type: GraphQLCompositeType; objects: readonly GraphQLObjectType[]; near: readonly string[] }

/** Named fragments are opened: what one means depends on where it is spread. */
export function leadOver(document: DocumentNode, schema: GraphQLSchema, itself: Itself): DocumentNode {
  if (itself.fields.size === 0) return document;
  const fragments = new Map(document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])));
  return { ...document, definitions: document.definitions.flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION
    ? [{ ...each, selectionSet: led(each.selectionSet, hereIn(schema.getRootType(each.operation)!, [], schema), { schema, itself, fragments }) }]
    : [])) };
}

const hereIn = (type: GraphQLCompositeType, near: readonly string[], schema: GraphQLSchema): Here => ({ type, objects: objectsOf(type, schema), near });

function led(set: SelectionSetNode, here: Here, given: Leading): SelectionSetNode {
  const selections = set.selections.flatMap((each) => (each.kind === Kind.FIELD ? fieldLed(each, here, given) : fragmentLed(each, here, given)));
  return { ...set, selections: selections.length > 0 ? selections : fieldLed(TYPENAME, here, given) };
}

function fieldLed(field: FieldNode, { type, near }: Here, given: Leading): SelectionNode[] {
  // It may be asked of an interface object, and the planner does not always see that it has to be known elsewhere.
  if (field.name.value === '__typename') return near.length === 0 ? [field] : near.map((name) => self(name, [TYPENAME], type, given, field.directives));
  const found = 'getFields' in type ? type.getFields()[field.name.value] : undefined;
  const below = found && getNamedType(found.type);
  if (!field.selectionSet || !isCompositeType(below)) return [field];
  return [{ ...field, selectionSet: led(field.selectionSet, hereIn(below, given.itself.near(type.name, field.name.value), given.schema), given) }];
}

function fragmentLed(fragment: InlineFragmentNode | FragmentSpreadNode, here: Here, given: Leading): SelectionNode[] {
  const { schema } = given;
  const { typeCondition, selectionSet } = fragment.kind === Kind.FRAGMENT_SPREAD ? given.fragments.get(fragment.name.value)! : fragment;
  const type = typeCondition ? schema.getType(typeCondition.name.value) as GraphQLCompositeType : here.type;
  // Whatever is there, it is of the type: the planner would ask an interface object whether it is.
  if (isWithin(here.type, type, schema)) return [on(here.type.name, led(selectionSet, here, given).selections, fragment.directives)];
  const objects = objectsOf(type, schema).filter((each) => here.objects.includes(each));
  // What is of nothing that can be there would require things that nothing brings.
  if (objects.length === 0) return [];
  const over = here.near.filter((name) => !isWithin(interfaceOf(name, schema), type, schema) && behind(name, objects, schema).length > 0);
  if (over.length > 0) return parted({ selectionSet, directives: fragment.directives ?? [], type, objects, over }, here, given);
  const near = isObjectType(type) ? [] : here.near.filter((name) => behind(name, objects, schema).length > 0);
  return [on(type.name, led(selectionSet, { type, objects, near }, given).selections, fragment.directives)];
}

interface Fragment { selectionSet: SelectionSetNode; directives: readonly DirectiveNode[]; type: GraphQLCompositeType; objects: readonly GraphQLObjectType[]; over: readonly string[] }

/** What is behind an interface is asked of the object itself, the rest as what it is. */
function parted({ selectionSet, directives, type, objects, over }: Fragment, here: Here, given: Leading): SelectionNode[] {
  const selected = (as: GraphQLCompositeType, those: readonly GraphQLObjectType[]) => led(selectionSet, { type: as, objects: those, near: [] }, given).selections;
  const rest = objects.filter((each) => !over.some((name) => behind(name, [each], given.schema).length > 0));
  // What decides whether it is wanted stands on the way there, so that nobody is asked for nothing.
  const [conditions, others] = [directives.filter(isCondition), directives.filter((each) => !isCondition(each))];
  return [
    ...rest.map((each) => on(each.name, selected(each, [each]), directives)),
    ...over.map((name) => self(name, [on(type.name, selected(type, behind(name, objects, given.schema)), others)], here.type, given, conditions)),
  ];
}

function self(name: string, selections: readonly SelectionNode[], above: GraphQLCompositeType, { schema, itself }: Leading, directives: readonly DirectiveNode[] = []): SelectionNode {
  const field: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: itself.fields.get(name)! }, directives, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  return isWithin(above, interfaceOf(name, schema), schema) ? field : on(name, [field]);
}

const on = (name: string, selections: readonly SelectionNode[], directives: readonly DirectiveNode[] = []): InlineFragmentNode =>
  ({ kind: Kind.INLINE_FRAGMENT, typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } }, directives, selectionSet: { kind: Kind.SELECTION_SET, selections } });

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
const isCondition = ({ name }: DirectiveNode): boolean => name.value === 'skip' || name.value === 'include';

const interfaceOf = (name: string, schema: GraphQLSchema): GraphQLInterfaceType => schema.getType(name) as GraphQLInterfaceType;
const objectsOf = (type: GraphQLCompositeType, schema: GraphQLSchema): readonly GraphQLObjectType[] => (isObjectType(type) ? [type] : schema.getPossibleTypes(type));
const behind = (name: string, objects: readonly GraphQLObjectType[], schema: GraphQLSchema): readonly GraphQLObjectType[] => objects.filter((each) => isWithin(each, interfaceOf(name, schema), schema));
const isWithin = (one: GraphQLCompositeType, other: GraphQLCompositeType, schema: GraphQLSchema): boolean =>
  one === other || (isAbstractType(other) && 'getFields' in one && schema.isSubType(other, one));
