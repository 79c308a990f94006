/** `@skip` and `@include`: which variables they ask, and a document once it is known what those say. */
import { Kind, OperationTypeNode, visit, type DirectiveNode, type DocumentNode, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionNode, type SelectionSetNode, type ValueNode } from 'graphql';

const isCondition = ({ name }: DirectiveNode): boolean => name.value === 'skip' || name.value === 'include';
const valueOf = ({ arguments: given }: DirectiveNode): ValueNode | undefined => given?.find(({ name }) => name.value === 'if')?.value;

/** Whether it says the same whatever the variables are. */
export const isSettled = (directive: DirectiveNode): boolean => isCondition(directive) && valueOf(directive)?.kind === Kind.BOOLEAN;

/** Whether no variable can make it wanted. */
export const isNever = ({ directives }: SelectionNode): boolean => Boolean(directives?.some((directive) => {
  const value = isCondition(directive) ? valueOf(directive) : undefined;
  return value?.kind === Kind.BOOLEAN && value.value === (directive.name.value === 'skip');
}));

const variableOf = (directive: DirectiveNode): string | undefined => {
  const value = isCondition(directive) ? valueOf(directive) : undefined;
  return value?.kind === Kind.VARIABLE ? value.name.value : undefined;
};

/** Variables on which it depends what is wanted. */
export function conditionsIn(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, { Directive: (directive) => {
    const name = variableOf(directive);
    if (name !== undefined) names.add(name);
  } });
  return [...names];
}

/**
 * Variables on which it depends what a mutation changes. They have to be known before it is planned: a field that is asked
 * for here always and there on a condition, the planner takes for two, and what it changes would be changed twice.
 */
export function decisiveIn(document: DocumentNode, operation: OperationDefinitionNode): string[] {
  if (operation.operation !== OperationTypeNode.MUTATION) return [];
  const fragments = new Map(document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as [string, FragmentDefinitionNode]] : [])));
  const names = new Set<string>();
  const seen = new Set<SelectionSetNode>();
  const look = (set: SelectionSetNode): void => {
    if (seen.has(set)) return;
    seen.add(set);
    for (const each of set.selections) {
      for (const directive of each.directives ?? []) {
        const name = variableOf(directive);
        if (name !== undefined) names.add(name);
      }
      if (each.kind !== Kind.FIELD) look(each.kind === Kind.FRAGMENT_SPREAD ? fragments.get(each.name.value)!.selectionSet : each.selectionSet);
    }
  };
  look(operation.selectionSet);
  return [...names];
}

export type Decided = Readonly<Record<string, boolean>>;

/** The document in which these variables have said what they say. */
export const decide = (document: DocumentNode, decided: Decided): DocumentNode => visit(document, {
  VariableDefinition: () => false,
  Directive: (directive) => {
    const name = variableOf(directive);
    if (name === undefined || !Object.hasOwn(decided, name)) return undefined;
    const given = (directive.arguments ?? []).map((each) => ({ ...each, value: { kind: Kind.BOOLEAN as const, value: decided[name]! } }));
    return { ...directive, arguments: given };
  },
});
