/**
 * Each change of a mutation is made once. A field that stands there in several places, here always and there on a condition
 * or under another directive, the planner takes for several fields, and when another subgraph's change lies between them,
 * each of them would be run.
 */
import { Kind, OperationTypeNode, visit, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionNode } from 'graphql';
import { conditionsIn } from './conditions.ts';

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const fragmentsOf = (document: DocumentNode): Fragments =>
  new Map(document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])));

/** What stands at the root: fields, and what they are wrapped in. A fragment is opened once. */
function atRoot({ selectionSet }: OperationDefinitionNode, fragments: Fragments): SelectionNode[] {
  const found: SelectionNode[] = [];
  const opened = new Set<string>();
  const look = (selections: readonly SelectionNode[]): void => selections.forEach((each) => {
    found.push(each);
    if (each.kind === Kind.INLINE_FRAGMENT) look(each.selectionSet.selections);
    if (each.kind !== Kind.FRAGMENT_SPREAD || opened.has(each.name.value)) return;
    opened.add(each.name.value);
    look(fragments.get(each.name.value)!.selectionSet.selections);
  });
  look(selectionSet.selections);
  return found;
}

/** Variables on which it depends what a mutation changes, and in which order: they have to be known before it is planned. */
export function decisiveIn(document: DocumentNode, operation: OperationDefinitionNode): string[] {
  if (operation.operation !== OperationTypeNode.MUTATION) return [];
  return [...new Set(atRoot(operation, fragmentsOf(document)).flatMap(conditionsOf))];
}

const conditionsOf = ({ directives }: SelectionNode): string[] => (directives ?? []).flatMap(conditionsIn);

/** A mutation with every field at its root in one place, the first; it is left as it is while conditions there are not decided. */
export const eachOnce = (document: DocumentNode): DocumentNode => visit(document, {
  OperationDefinition: (operation) => {
    if (operation.operation !== OperationTypeNode.MUTATION) return false;
    const found = atRoot(operation, fragmentsOf(document));
    if (found.some((each) => conditionsOf(each).length > 0)) return false;
    const fields = found.filter((each) => each.kind === Kind.FIELD);
    const places = new Map<string, FieldNode[]>();
    for (const field of fields) {
      const name = (field.alias ?? field.name).value;
      places.set(name, [...(places.get(name) ?? []), field]);
    }
    if (places.size === fields.length) return false;
    return { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: [...places.values()].map(merged) } };
  },
  FragmentDefinition: () => false,
});

function merged(places: readonly FieldNode[]): FieldNode {
  const [first] = places as readonly [FieldNode];
  const directives = new Map(places.flatMap((each) => each.directives ?? []).map((directive) => [directive.name.value, directive]));
  const selections = places.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  return { ...first, directives: [...directives.values()], ...(first.selectionSet && { selectionSet: { kind: Kind.SELECTION_SET, selections } }) };
}
