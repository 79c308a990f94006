/** What a supergraph asks of whoever wants a field: the directives of the field, of the type it is of and of the type it gives. */
import { Kind, type ConstDirectiveNode, type ConstValueNode, type DocumentNode, type TypeNode } from 'graphql';
import { argumentOf, type Names } from './specifications.ts';

/** Alternatives, each of names that are needed together. */
export type Alternatives = readonly (readonly string[])[];
/** All of it must hold. */
export interface Requirement {
  authenticated: boolean;
  scopes: readonly Alternatives[];
  policies: readonly Alternatives[];
  /** For a field of an interface: the fields of the types behind it, which ask for themselves. */
  implementers?: readonly string[];
}
const NOTHING: Requirement = { authenticated: false, scopes: [], policies: [] };

const asksNothing = ({ authenticated, scopes, policies }: Requirement): boolean => !authenticated && scopes.length === 0 && policies.length === 0;

export function requirementsIn(document: DocumentNode, names: Names): ReadonlyMap<string, Requirement> {
  const ofTypes = new Map<string, Requirement>();
  const implementers = new Map<string, string[]>();
  for (const node of document.definitions) {
    if (!('name' in node) || !node.name) continue;
    const asked = askedBy((node.directives ?? []) as readonly ConstDirectiveNode[], names);
    if (!asksNothing(asked)) ofTypes.set(node.name.value, asked);
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const { name } of node.interfaces ?? []) implementers.set(name.value, [...implementers.get(name.value) ?? [], node.name.value]);
  }

  const requirements = new Map<string, Requirement>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of node.fields ?? []) {
      const all = [askedBy(field.directives ?? [], names), ofTypes.get(node.name.value), ofTypes.get(nameOf(field.type))].reduce<Requirement>(both, NOTHING);
      if (!asksNothing(all)) requirements.set(`${node.name.value}.${field.name.value}`, all);
    }
  }
  for (const node of document.definitions) {
    if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of node.fields ?? []) {
      const behind = (implementers.get(node.name.value) ?? []).map((type) => `${type}.${field.name.value}`).filter((coordinate) => requirements.has(coordinate));
      const name = `${node.name.value}.${field.name.value}`;
      if (behind.length > 0) requirements.set(name, { ...requirements.get(name) ?? NOTHING, implementers: behind });
    }
  }
  return requirements;
}

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));

const both = (a: Requirement, b: Requirement | undefined): Requirement =>
  (b ? { authenticated: a.authenticated || b.authenticated, scopes: [...a.scopes, ...b.scopes], policies: [...a.policies, ...b.policies] } : a);

function askedBy(directives: readonly ConstDirectiveNode[], names: Names): Requirement {
  let asked = NOTHING;
  for (const directive of directives) {
    switch (names.directives.get(directive.name.value)) {
      case 'authenticated': asked = both(asked, { ...NOTHING, authenticated: true }); break;
      // Whoever must hold something must be somebody.
      case 'requiresScopes': asked = both(asked, { ...NOTHING, authenticated: true, scopes: [alternativesOf(argumentOf(directive, 'scopes'))] }); break;
      case 'policy': asked = both(asked, { ...NOTHING, policies: [alternativesOf(argumentOf(directive, 'policies'))] }); break;
      case 'cost': case 'listSize': case undefined: break;
    }
  }
  return asked;
}

const valuesOf = (value: ConstValueNode | undefined): readonly ConstValueNode[] => (value?.kind === Kind.LIST ? value.values : []);
const alternativesOf = (value: ConstValueNode | undefined): Alternatives =>
  valuesOf(value).map((together) => valuesOf(together).flatMap((name) => (name.kind === Kind.STRING ? [name.value] : [])));
