/**
 * The rows of a policy as federation's directives, so that the gateway refuses what a service would refuse anyway, before
 * anything is fetched. Directives on one field are ANDed, so each says one half and lets the other kind of caller pass:
 * `@requiresScopes` is what a key must hold (a person passes as `person`), `@policy` what a person must be (a key passes
 * as `key`). Only fields of object types carry them: what stands on a type or an interface is ANDed over its implementers.
 */
import { parse, print, visit, type ConstDirectiveNode } from 'graphql';
import { rulesByField, SHARED_POLICY, type PolicyTable, type Rule } from './policy.ts';

/** What a person holds where a scope is asked for, and where a policy is; what a key holds where a policy is. */
export const PERSON = 'person';
export const KEY = 'key';
export const roleName = (role: string): string => `role:${role}`;

/** The directives of a row, as they are printed; a row that everybody fits, or whose field only services see, has none. */
export function directivesOf(rule: Rule): string[] {
  switch (rule.who) {
    // What only services see is @inaccessible: no plan of the gateway reaches it.
    case 'anyone': case 'holder': case 'service': return [];
    case 'caller': return ['@authenticated'];
    case 'person': return ['@authenticated', policy([PERSON])];
    case 'member':
      if (rule.scope === null) return ['@authenticated', policy([roleName(rule.role)])];
      return ['@authenticated', scopes([rule.scope], [PERSON]), policy([roleName(rule.role)], [KEY])];
    // What a person is in the tenant whose field it is stands in the tenant, so the service decides that half.
    case 'memberHere':
      return rule.scope === null ? ['@authenticated', policy([PERSON])] : ['@authenticated', scopes([rule.scope], [PERSON])];
  }
}

const lists = (alternatives: readonly (readonly string[])[]): string =>
  `[${alternatives.map((together) => `[${together.map((name) => JSON.stringify(name)).join(', ')}]`).join(', ')}]`;
const scopes = (...alternatives: string[][]): string => `@requiresScopes(scopes: ${lists(alternatives)})`;
const policy = (...alternatives: string[][]): string => `@policy(policies: ${lists(alternatives)})`;

/** The directives of a text such as `@authenticated @cost(weight: 1)`, as nodes. */
export function directiveNodes(texts: readonly string[]): ConstDirectiveNode[] {
  if (texts.length === 0) return [];
  const [definition] = parse(`type T ${texts.join(' ')}`, { noLocation: true }).definitions;
  return [...((definition as { directives?: readonly ConstDirectiveNode[] }).directives ?? [])];
}

/** The slice with the directives of its policy on every field that the policy closes. */
export function withPolicy(sdl: string, table: PolicyTable): string {
  const rules = rulesByField({ ...table, ...SHARED_POLICY });
  return print(visit(parse(sdl, { noLocation: true }), {
    ObjectTypeDefinition: (type) => ({
      ...type,
      fields: type.fields?.map((field) => {
        const rule = rules.get(`${type.name.value}.${field.name.value}`);
        return rule ? { ...field, directives: [...field.directives ?? [], ...directiveNodes(directivesOf(rule))] } : field;
      }),
    }),
  }));
}
