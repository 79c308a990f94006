/** `@skip` and `@include`: which variables they ask, and a document once it is known what those say. */
import { Kind, visit, type ASTNode, type DirectiveNode, type DocumentNode, type SelectionNode, type ValueNode } from 'graphql';

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
export function conditionsIn(node: ASTNode): string[] {
  const names = new Set<string>();
  visit(node, { Directive: (directive) => {
    const name = variableOf(directive);
    if (name !== undefined) names.add(name);
  } });
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
