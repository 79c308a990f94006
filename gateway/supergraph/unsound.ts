/** Where a supergraph is unsound. The planner says what is wrong in a thread of its own and without a place; whoever has to mend the file wants its line. */
import { GraphQLError, type DefinitionNode, type DocumentNode } from 'graphql';
import { validateSDL } from 'graphql/validation/validate.js';

const SENTENCE_MAX = 500;

/** The same fault, at its line where that can be known. It is only asked for what was refused already. */
export function unsound(cause: unknown, document: DocumentNode): Error {
  const [fault] = validateSDL(document);
  if (fault) return fault;
  const sentence = oneLine(cause instanceof Error ? cause.message : String(cause));
  const line = /:(\d+):\d+/.exec(sentence)?.[1];
  const node = line === undefined ? definitionIn(sentence, document) : document.definitions.findLast((each) => startOf(each) <= Number(line));
  return new GraphQLError(sentence, { ...(node && { nodes: node }), originalError: cause as Error });
}

/** Federation explains at length, and begins with what is not the matter. */
const oneLine = (text: string): string => (text.split('Details:').at(-1)!.split('Re-run with')[0]!).replace(/\s+/g, ' ').trim().slice(0, SENTENCE_MAX);

const startOf = (definition: DefinitionNode): number => definition.loc?.startToken.line ?? 0;

/** The type that the sentence is about. */
function definitionIn(sentence: string, document: DocumentNode): DefinitionNode | undefined {
  const names = new Set([...sentence.matchAll(/[A-Za-z_]\w*/g)].map(([name]) => name));
  return document.definitions.find((each) => 'fields' in each && each.name && names.has(each.name.value));
}
