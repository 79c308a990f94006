/** Reads out of the SDL of subgraphs what their directives say. */
import { isObjectType, Kind, visit, type DocumentNode, type FieldDefinitionNode, type GraphQLSchema } from 'graphql';
import type { Resolve, World } from './world.ts';

export const directiveOn = (field: FieldDefinitionNode, name: string) => field.directives?.find((each) => each.name.value === name);

/** The text of a directive's `fields` or any other string argument. */
export function textOf(field: FieldDefinitionNode, directive: string, argument: string): string | undefined {
  const value = directiveOn(field, directive)?.arguments?.find((each) => each.name.value === argument)?.value;
  return value?.kind === 'StringValue' ? value.value : undefined;
}

const NAMES = ['@key', '@requires', '@provides', '@external', '@shareable', '@inaccessible', '@override', '@interfaceObject', '@extends', '@tag', '@composeDirective'];

/** Imports every directive by its plain name, as a subgraph's author would. */
export function linked(sdl: string, firstFederation = false): string {
  if (firstFederation || sdl.includes('@link(')) return sdl;
  const context = /@(context|fromContext)\b/.test(sdl) ? [', "@context", "@fromContext"'] : [''];
  return `extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: [${NAMES.map((name) => `"${name}"`).join(', ')}${context[0]}])\n${sdl}`;
}

/** The function of a field, also when it is written for an interface that the type implements anywhere in the world. */
export function resolveOf(world: World, schema: GraphQLSchema, types: readonly string[], field: string): Resolve | undefined {
  for (const name of types) {
    const own = world.fields?.[`${name}.${field}`];
    if (own) return own;
    const type = schema.getType(name);
    if (!isObjectType(type)) continue;
    for (const { name: above } of type.getInterfaces()) {
      const inherited = world.fields?.[`${above}.${field}`];
      if (inherited) return inherited;
    }
  }
  return undefined;
}

/** `Type.field` → the selection that it requires. */
export function requiredBy(typeDefs: DocumentNode): Map<string, string> {
  const found = new Map<string, string>();
  const collect = (node: { name: { value: string }; fields?: readonly any[] | undefined }) => {
    for (const field of node.fields ?? []) {
      const text = textOf(field, 'requires', 'fields');
      if (text) found.set(`${node.name.value}.${field.name.value}`, text);
    }
    return undefined;
  };
  visit(typeDefs, { ObjectTypeDefinition: collect, ObjectTypeExtension: collect, InterfaceTypeDefinition: collect });
  return found;
}

/** Only keys that may be used to enter: one that is not resolvable finds nothing. */
export function keysOf(typeDefs: DocumentNode): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const collect = (node: any) => {
    for (const directive of node.directives ?? []) {
      if (directive.name.value !== 'key') continue;
      const argument = (name: string) => directive.arguments.find((each: any) => each.name.value === name)?.value.value as unknown;
      const known = found.get(node.name.value) ?? [];
      found.set(node.name.value, argument('resolvable') === false ? known : [...known, argument('fields') as string]);
    }
    return undefined;
  };
  visit(typeDefs, { ObjectTypeDefinition: collect, ObjectTypeExtension: collect, InterfaceTypeDefinition: collect });
  return found;
}

/** `Type.field` → the subgraphs that answer for it. */
export function ownersOf(sources: readonly { name: string; typeDefs: DocumentNode }[]): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  for (const { name, typeDefs } of sources) {
    for (const node of typeDefs.definitions) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
      for (const field of node.fields ?? []) {
        if (directiveOn(field, 'external')) continue;
        const at = `${node.name.value}.${field.name.value}`;
        owners.set(at, [...(owners.get(at) ?? []), name]);
      }
    }
  }
  return owners;
}
