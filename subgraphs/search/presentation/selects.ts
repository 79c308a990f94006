import { Kind, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';

/** Whether a field of the object that is being resolved is asked for, so that nobody counts what nobody reads. */
export function selects({ fieldNodes, fragments }: GraphQLResolveInfo, name: string): boolean {
  const among = (set: SelectionSetNode | undefined): boolean => (set?.selections ?? []).some((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value === name;
    return among(selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : fragments[selection.name.value]?.selectionSet);
  });
  return fieldNodes.some(({ selectionSet }) => among(selectionSet));
}
