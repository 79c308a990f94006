/** Makes a failing question small: takes away one selection, argument, directive or variable after another while it still fails. */
import { Kind, parse, print, validate, visit, type ASTNode, type DocumentNode, type FieldNode, type FragmentSpreadNode, type GraphQLSchema, type InlineFragmentNode, type SelectionSetNode } from 'graphql';
import type { Question } from './world.ts';

const TRIES_MAX = 400;

export async function shrink(schema: GraphQLSchema, question: Question, fails: (smaller: Question) => Promise<boolean>): Promise<Question> {
  let best = { ...question, document: print(parse(question.document)) };
  let tries = 0;
  for (let shrunk = true; shrunk && tries < TRIES_MAX;) {
    shrunk = false;
    for (const document of smaller(parse(best.document))) {
      if ((tries += 1) > TRIES_MAX) break;
      const candidate = withoutUnused(document, best.variables);
      if (validate(schema, parse(candidate.document)).length > 0 || !await fails(candidate)) continue;
      best = candidate;
      shrunk = true;
      break;
    }
  }
  return best;
}

/** Every document that is one step smaller, the big steps first. */
function* smaller(document: DocumentNode): Generator<DocumentNode> {
  const steps: { at: ASTNode; to: (node: any) => unknown; size: number }[] = [];
  const directivesOf = (node: FieldNode | InlineFragmentNode | FragmentSpreadNode) => {
    for (const gone of node.directives ?? []) steps.push({ at: node, size: 1, to: (each) => ({ ...each, directives: each.directives.filter((one: unknown) => one !== gone) }) });
  };
  visit(document, {
    SelectionSet: (set: SelectionSetNode) => {
      for (const gone of set.selections) {
        if (set.selections.length > 1) steps.push({ at: set, size: size(gone), to: (node: SelectionSetNode) => ({ ...node, selections: node.selections.filter((each) => each !== gone) }) });
        if (gone.kind === Kind.INLINE_FRAGMENT) steps.push({ at: set, size: 1, to: (node: SelectionSetNode) => ({ ...node, selections: node.selections.flatMap((each) => (each === gone ? gone.selectionSet.selections : [each])) }) });
      }
    },
    Field: (field) => {
      for (const gone of field.arguments ?? []) steps.push({ at: field, size: 1, to: (node) => ({ ...node, arguments: node.arguments.filter((each: unknown) => each !== gone) }) });
      directivesOf(field);
      if (field.alias) steps.push({ at: field, size: 1, to: (node) => ({ ...node, alias: undefined }) });
    },
    InlineFragment: (node) => { directivesOf(node); },
    FragmentSpread: (node) => { directivesOf(node); },
  });
  for (const { at, to } of steps.sort((a, b) => b.size - a.size)) {
    yield visit(document, { enter: (node) => (node === at ? to(node) : undefined) }) as DocumentNode;
  }
}

const size = (node: ASTNode): number => print(node).length;

function withoutUnused(document: DocumentNode, variables: Question['variables']): Question {
  const spread = new Set<string>();
  const used = new Set<string>();
  visit(document, { FragmentSpread: (node) => { spread.add(node.name.value); } });
  const kept = { ...document, definitions: document.definitions.filter((each) => each.kind !== Kind.FRAGMENT_DEFINITION || spread.has(each.name.value)) };
  visit(kept, { VariableDefinition: () => false, Variable: (node) => { used.add(node.name.value); } });
  const trimmed = visit(kept, { VariableDefinition: (node) => (used.has(node.variable.name.value) ? undefined : null) });
  return { document: print(trimmed), variables: Object.fromEntries(Object.entries(variables).filter(([name]) => used.has(name))) };
}
