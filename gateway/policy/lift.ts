/**
 * Lifts what the edge decides out of a supergraph: who may have which field, and what each part is worth. What is left is
 * a supergraph that every planner reads; Apollo's own refuses one that asks for authorization.
 */
import { parse, print, visit, type ConstDirectiveNode, type DocumentNode } from 'graphql';
import { requirementsIn, type Requirement } from './requirements.ts';
import { namesIn, specificationOf, type Names } from './specifications.ts';
import { costsIn, type Costs } from './weights.ts';

export interface Lifted {
  /** The same supergraph without a word about authorization and cost. */
  sdl: string;
  /** By `Type.field`. */
  requirements: ReadonlyMap<string, Requirement>;
  costs: Costs;
}

export function liftPolicy(sdl: string): Lifted {
  const document = parse(sdl, { noLocation: true });
  const names = namesIn(document);
  return { sdl: names.directives.size === 0 ? sdl : `${print(without(document, names))}\n`, requirements: requirementsIn(document, names), costs: costsIn(document, names) };
}

function without(document: DocumentNode, { directives, namespaces }: Names): DocumentNode {
  const own = (name: string) => namespaces.some((namespace) => name.startsWith(`${namespace}__`));
  return visit(document, {
    Directive: (node) => (directives.has(node.name.value) || specificationOf(node as ConstDirectiveNode) ? null : undefined),
    DirectiveDefinition: (node) => (directives.has(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (own(node.name.value) ? null : undefined),
  });
}
