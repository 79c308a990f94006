/** What a supergraph says with its `join` directives, read by whoever plans over it and by whoever serves it. */
import { parse, valueFromASTUntyped, visit, type ConstDirectiveNode, type DocumentNode } from 'graphql';

export interface Applied { on: string; values: Record<string, unknown> }

/** Every use of a directive, with the type that it stands on or in. */
export function directivesNamed(document: DocumentNode, name: string): Applied[] {
  const found: Applied[] = [];
  const take = (on: string, directives: readonly ConstDirectiveNode[] = []) => {
    for (const directive of directives) {
      if (directive.name.value !== name) continue;
      found.push({ on, values: Object.fromEntries((directive.arguments ?? []).map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)])) });
    }
  };
  for (const definition of document.definitions) {
    if (!('name' in definition) || !definition.name) continue;
    const on = definition.name.value;
    if ('directives' in definition) take(on, definition.directives as readonly ConstDirectiveNode[]);
    if ('fields' in definition) for (const field of definition.fields ?? []) take(on, field.directives);
  }
  return found;
}

export const selectionOf = (fieldSet: string): DocumentNode => parse(fieldSet.trim().startsWith('{') ? fieldSet : `{ ${fieldSet} }`, { noLocation: true });

/** Fields in keys, `@requires` and contexts. */
export type AskedOfEntities = ReadonlySet<string>;

export function askedOf(document: DocumentNode): AskedOfEntities {
  const fields = new Set<string>();
  const note = (fieldSet: unknown) => {
    if (typeof fieldSet === 'string') visit(selectionOf(fieldSet), { Field: ({ name }) => void fields.add(name.value) });
  };
  for (const { values } of directivesNamed(document, 'join__type')) note(values.key);
  for (const { values } of directivesNamed(document, 'join__field')) {
    note(values.requires);
    for (const { selection } of (values.contextArguments as { selection?: string }[] | undefined) ?? []) {
      // A context's selection may stand in several branches, one for each type that sets it.
      for (const [branch] of (selection ?? '').matchAll(/\{.*\}/gs)) note(branch);
    }
  }
  return fields;
}
