/**
 * Keeps what a client calls things apart from what services ask each other for. The planner puts both into one
 * selection: a client's `price: name` would stand where a `@requires` wants `price`. So a name that is asked for between
 * services is given another one before planning, and its own again at the end.
 */
import { Kind, visit, type DocumentNode, type FieldNode, type SelectionSetNode } from 'graphql';
import { isNever, isSettled } from './conditions.ts';
import type { AskedOfEntities } from './joins.ts';

/** No field of a schema may begin so. */
const PREFIX = '__as_';

const isTaken = ({ alias, name }: FieldNode, asked: AskedOfEntities): boolean =>
  alias !== undefined && (alias.value.startsWith(PREFIX) || (alias.value !== name.value && asked.has(alias.value)));

export function collides(document: DocumentNode, asked: AskedOfEntities): boolean {
  let found = false;
  visit(document, { Field: (field) => { found ||= isTaken(field, asked); } });
  return found;
}

/** The same document when nothing in it could be taken for another thing. */
export function keepApart(document: DocumentNode, asked: AskedOfEntities): DocumentNode {
  return visit(document, {
    Field: (field) => (isTaken(field, asked) ? { ...field, alias: { kind: Kind.NAME, value: PREFIX + field.alias!.value } } : undefined),
  });
}

/**
 * What the planner is asked to plan: without what no variable can make wanted, because it asks for some of that all the
 * same; without conditions that always hold, because it takes a field with one and a field without for two; and where everything asked of an object depends on variables, it may leave the object out, so what the object is,
 * is asked in any case.
 */
export const anchored = (document: DocumentNode): DocumentNode => visit(document, {
  Field: { enter: (field) => (isNever(field) ? null : undefined), leave: (field) => (field.selectionSet ? { ...field, selectionSet: anchor(field.selectionSet) } : undefined) },
  InlineFragment: { enter: (fragment) => (isNever(fragment) ? null : undefined), leave: (fragment) => (fragment.selectionSet.selections.length === 0 ? null : undefined) },
  FragmentSpread: { enter: (spread) => (isNever(spread) ? null : undefined) },
  Directive: (directive) => (isSettled(directive) ? null : undefined),
  FragmentDefinition: { leave: (fragment) => (fragment.selectionSet.selections.length === 0 ? { ...fragment, selectionSet: anchor(fragment.selectionSet) } : undefined) },
  OperationDefinition: { leave: (operation) => (operation.selectionSet.selections.length === 0 ? { ...operation, selectionSet: anchor(operation.selectionSet) } : undefined) },
});

const anchor = (set: SelectionSetNode): SelectionSetNode =>
  (set.selections.some((each) => each.kind === Kind.FIELD && !each.directives?.length) ? set : { ...set, selections: [TYPENAME, ...set.selections] });

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** Where a field's value stands in what was fetched. */
export const fetchedAs = (field: FieldNode): string => (field.alias ?? field.name).value;
/** What the client calls it. */
export const calledBack = (name: string): string => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name);
