/** Which directives of a supergraph are about authorization and cost: found by the specifications that it links, whatever names it gives them. */
import { Kind, type ConstDirectiveNode, type ConstValueNode, type DocumentNode } from 'graphql';

export type Specification = 'authenticated' | 'requiresScopes' | 'policy' | 'cost' | 'listSize';
/** What the file calls each of the directives, and the namespaces of the types that come with them. */
export interface Names { directives: ReadonlyMap<string, Specification>; namespaces: readonly string[] }
/** The specifications that are lifted, with the directives that each brings. */
const SPECIFICATIONS: Record<string, readonly Specification[]> = {
  authenticated: ['authenticated'], requiresScopes: ['requiresScopes'], policy: ['policy'], cost: ['cost', 'listSize'],
};
const URL = /^https:\/\/specs\.apollo\.dev\/(\w+)\/v[\d.]+$/;

export const argumentOf = (directive: ConstDirectiveNode, name: string): ConstValueNode | undefined => directive.arguments?.find((given) => given.name.value === name)?.value;
const textOf = (value: ConstValueNode | undefined): string | null => (value?.kind === Kind.STRING ? value.value : null);

export function specificationOf(link: ConstDirectiveNode): string | null {
  if (link.name.value !== 'link') return null;
  const [, name] = URL.exec(textOf(argumentOf(link, 'url')) ?? '') ?? [];
  return name && Object.hasOwn(SPECIFICATIONS, name) ? name : null;
}

const linksOf = (document: DocumentNode): readonly ConstDirectiveNode[] =>
  document.definitions.flatMap((node) => (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION ? node.directives ?? [] : []));

export function namesIn(document: DocumentNode): Names {
  const directives = new Map<string, Specification>();
  const namespaces: string[] = [];
  for (const link of linksOf(document)) {
    const specification = specificationOf(link);
    if (!specification) continue;
    const namespace = textOf(argumentOf(link, 'as')) ?? specification;
    namespaces.push(namespace);
    const imported = importsOf(argumentOf(link, 'import'));
    for (const directive of SPECIFICATIONS[specification]!) {
      // The directive that is called like its specification is the namespace itself; others are imported or prefixed.
      directives.set(imported.get(directive) ?? (directive === specification ? namespace : `${namespace}__${directive}`), directive);
    }
  }
  return { directives, namespaces };
}

/** `["@listSize", { name: "@cost", as: "@weight" }]` as a map from what it is to what it is called. */
function importsOf(value: ConstValueNode | undefined): Map<string, string> {
  const plain = (text: string) => text.replace(/^@/, '');
  const imports = value?.kind === Kind.LIST ? value.values : [];
  return new Map(imports.flatMap((one): [string, string][] => {
    if (one.kind === Kind.STRING) return [[plain(one.value), plain(one.value)]];
    if (one.kind !== Kind.OBJECT) return [];
    const [name, as] = ['name', 'as'].map((key) => textOf(one.fields.find((field) => field.name.value === key)?.value));
    return name ? [[plain(name), plain(as ?? name)]] : [];
  }));
}
