/**
 * Keeps what a client calls things apart from what services ask each other for. The planner puts both into one
 * selection: a client's `price: name` would stand where a `@requires` wants `price`. So a name that is asked for between
 * services is given another one before planning, and its own again at the end.
 */
import { Kind, visit, type DocumentNode, type FieldNode } from 'graphql';
import type { AskedOfEntities } from './supergraph.ts';

/** No field of a schema may begin so. */
const PREFIX = '__as_';

/** The same document when nothing in it could be taken for another thing. */
export function keepApart(document: DocumentNode, asked: AskedOfEntities): DocumentNode {
  const collides = ({ alias, name }: FieldNode): boolean =>
    alias !== undefined && (alias.value.startsWith(PREFIX) || (alias.value !== name.value && asked.has(alias.value)));
  return visit(document, {
    Field: (field) => (collides(field) ? { ...field, alias: { kind: Kind.NAME, value: PREFIX + field.alias!.value } } : undefined),
  });
}

/** Where a field's value stands in what was fetched. */
export const fetchedAs = (field: FieldNode): string => (field.alias ?? field.name).value;
/** What the client calls it. */
export const calledBack = (name: string): string => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name);
