/** What `@defer` means to a document: nothing where the answer comes whole, and less of it at first where it comes in parts. */
import { GraphQLError, Kind, visit, type DirectiveNode, type DocumentNode, type FragmentSpreadNode, type InlineFragmentNode, type ValidationRule } from 'graphql';
import type { Variables } from '../compile/shape.ts';

const isDefer = ({ name }: DirectiveNode): boolean => name.value === 'defer';

/** What a mutation changes is changed in order, and once: the draft of incremental delivery lets none of it be put off. */
export const noChangeDeferred: ValidationRule = (context) => ({
  Directive: (directive) => {
    const parent = context.getParentType();
    if (isDefer(directive) && parent && parent === context.getSchema().getMutationType()) context.reportError(new GraphQLError(`Fields of ${parent.name} cannot be deferred.`, { nodes: directive }));
  },
});

export function defersIn(document: DocumentNode): boolean {
  let found = false;
  visit(document, { Directive: (directive) => { found ||= isDefer(directive); } });
  return found;
}

/** The same with everything at once. A variable that only said whether to defer is not asked for any more. */
export const atOnce = (document: DocumentNode): DocumentNode => dropUnused(visit(document, { Directive: (directive) => (isDefer(directive) ? null : undefined) }));

/** The same without what is deferred. */
export function withoutDeferred(document: DocumentNode, variables: Variables): DocumentNode {
  const gone = (node: FragmentSpreadNode | InlineFragmentNode): null | undefined => {
    const defer = node.directives?.find(isDefer);
    if (!defer) return undefined;
    const value = defer.arguments?.find(({ name }) => name.value === 'if')?.value;
    const isOff = (value?.kind === Kind.BOOLEAN && !value.value) || (value?.kind === Kind.VARIABLE && variables[value.name.value] === false);
    return isOff ? undefined : null;
  };
  return visit(document, { InlineFragment: { enter: gone }, FragmentSpread: { enter: gone } });
}

/** The same without variables that nothing in it asks for. */
export function dropUnused(document: DocumentNode): DocumentNode {
  const used = new Set<string>();
  visit(document, { VariableDefinition: () => false, Variable: ({ name }) => void used.add(name.value) });
  return visit(document, { VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? false : null) });
}
