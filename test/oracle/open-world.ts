/** Brings a world to life: composes it, and answers for each of its subgraphs and for the monolith, all in this process. */
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, isAbstractType, isObjectType, Kind, parse, validate, type DocumentNode, type OperationDefinitionNode, type SelectionNode, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { openMonolith, type Monolith } from './monolith.ts';
import { keysOf, linked, requiredBy, resolveOf } from './sdl.ts';
import type { Data, Outcome, Row, World } from './world.ts';

export interface OpenWorld {
  world: World;
  supergraphSdl: string;
  apiSchema: GraphQLSchema;
  subgraphs: readonly string[];
  /** Asks one subgraph, as strictly as a real one: what is not valid there is refused. */
  ask(subgraph: string, document: string, variables: Record<string, unknown>): Promise<Outcome>;
  monolith: Monolith;
  /** Fresh data: what the last question changed is gone. */
  reset(): void;
  /** What the subgraphs were asked since the last reset. */
  readonly asked: readonly { subgraph: string; document: string }[];
}

export function openWorld(world: World): OpenWorld {
  const sources = Object.entries(world.subgraphs).map(([name, sdl]) => ({ name, typeDefs: parse(linked(sdl, world.firstFederation)) }));
  const composed = composeServices(sources.map((each) => ({ ...each, url: `http://${each.name}.invalid` })));
  if (composed.errors) throw new Error(`The world ${world.name} does not compose: ${composed.errors.map(({ message }) => message).join('\n')}`);
  const now = { data: world.data() };
  const asked: { subgraph: string; document: string }[] = [];
  const open = new Map(sources.map(({ name, typeDefs }) => [name, openSubgraph(world, name, typeDefs, () => now.data)]));
  const apiSchema = composed.schema.toAPISchema().toGraphQLJSSchema();
  return {
    world,
    supergraphSdl: composed.supergraphSdl,
    apiSchema,
    subgraphs: sources.map(({ name }) => name),
    ask: async (subgraph, document, variables) => {
      asked.push({ subgraph, document });
      return open.get(subgraph)!(document, variables);
    },
    monolith: openMonolith(world, { full: composed.schema.toGraphQLJSSchema(), api: apiSchema, sources, data: () => now.data }),
    reset: () => {
      now.data = world.data();
      asked.length = 0;
    },
    asked,
  };
}

/** A row that was asked for as an entity: what came with the question stands beside it. */
class Reference {
  constructor(readonly row: Row, readonly sent: Row, public __typename: string) {}
}

function openSubgraph(world: World, name: string, typeDefs: DocumentNode, data: () => Data) {
  const schema = buildSubgraphSchema({ typeDefs, resolvers: {} });
  const requires = requiredBy(typeDefs);
  const keys = keysOf(typeDefs);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('_')) continue;
    if (isAbstractType(type)) type.resolveType = (value: Row | Reference) => knownAs(schema, String(value instanceof Reference ? value.row.__typename : value.__typename), data());
    if (keys.has(type.name)) Object.assign(type.extensions as object, { apollo: { subgraph: { resolveReference: (sent: Row) => find(world, name, { type: type.name, keys: keys.get(type.name)!, sent, schema, data: data() }) } } });
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.name.startsWith('_')) continue;
      field.resolve = resolverFor(world, schema, type.name, field.name, requires.get(`${type.name}.${field.name}`));
    }
  }
  const checked = new Map<string, DocumentNode>();
  return async (text: string, variables: Record<string, unknown>): Promise<Outcome> => {
    let document = checked.get(text);
    if (!document) {
      document = parse(text);
      const faults = validate(schema, document);
      if (faults.length > 0) return { errors: faults.map(({ message }) => ({ message: `${name} refuses ${text}: ${message}` })) };
      checked.set(text, document);
    }
    const { data: answered, errors } = await execute({ schema, document, variableValues: variables, contextValue: { data: data() } });
    return JSON.parse(JSON.stringify({ data: answered, errors })) as Outcome;
  };
}

function resolverFor(world: World, schema: GraphQLSchema, type: string, field: string, requires: string | undefined): GraphQLFieldResolver<Row | Reference, { data: Data }> {
  return (source, args, { data }) => {
    const row = source instanceof Reference ? source.row : source ?? {};
    // The object type of an @interfaceObject stands for rows of many types: the row knows its own.
    const resolve = resolveOf(world, schema, [type, ...(typeof row.__typename === 'string' ? [row.__typename] : [])], field);
    if (requires && !(source instanceof Reference)) throw new Error(`${type}.${field} was asked without what it requires: ${requires}.`);
    const value = resolve ? resolve(row, args, { data, needs: source instanceof Reference ? source.sent : {} }) : row[field];
    return value;
  };
}

/** A type that a subgraph does not know, it knows as an interface object. */
const knownAs = (schema: GraphQLSchema, name: string, { families }: Data): string =>
  (schema.getType(name) ? name : Object.entries((families ?? {}) as Record<string, string[]>).find(([family, members]) => members.includes(name) && isObjectType(schema.getType(family)))?.[0] ?? name);

interface Wanted { type: string; keys: readonly string[]; sent: Row; schema: GraphQLSchema; data: Data }

function find(world: World, subgraph: string, { type, keys, sent, schema, data }: Wanted): Reference | null {
  const named = schema.getType(type);
  const candidates = isAbstractType(named) || !data.entities[type] ? rowsOf(world, data, type) : data.entities[type];
  const selections = keys.map((key) => parse(`{ ${key} }`)).filter((key) => carries(sent, key));
  if (selections.length === 0) throw new Error(`${subgraph} was asked for ${type} with none of its keys: ${JSON.stringify(sent)}`);
  const row = candidates.find((each) => selections.some((key) => alike(each, sent, key)));
  const id = String(row?.id);
  if (world.broken?.[subgraph]?.includes(id)) throw new Error(`${subgraph} fails on ${id}.`);
  if (!row || world.vanished?.[subgraph]?.includes(id)) return null;
  return new Reference(row, sent, isAbstractType(named) ? row.__typename! : type);
}

/** Rows of an interface: of every type whose rows say so. */
const rowsOf = (world: World, data: Data, name: string): Row[] => {
  const families = (data.families ?? {}) as Record<string, string[]>;
  const members = families[name];
  if (!members) throw new Error(`The world ${world.name} names no members of ${name}.`);
  return members.flatMap((each) => data.entities[each] ?? []);
};

const selectionsOf = (key: DocumentNode) => (key.definitions[0] as OperationDefinitionNode).selectionSet.selections;

/** Whether every leaf of the key holds for both; lists are walked side by side. */
function everyLeaf(selections: readonly SelectionNode[], one: unknown, other: unknown, holds: (one: unknown, other: unknown) => boolean): boolean {
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((each, index) => everyLeaf(selections, each, other[index], holds));
  return selections.every((each) => {
    if (each.kind !== Kind.FIELD) return true;
    const [mine, theirs] = [(one as Row | null)?.[each.name.value], (other as Row | null)?.[each.name.value]];
    return each.selectionSet && mine !== undefined ? everyLeaf(each.selectionSet.selections, mine, theirs, holds) : holds(mine, theirs);
  });
}
const carries = (sent: Row, key: DocumentNode) => everyLeaf(selectionsOf(key), sent, sent, (value) => value !== undefined);
const alike = (row: Row, sent: Row, key: DocumentNode) => everyLeaf(selectionsOf(key), row, sent, (mine, theirs) => mine !== null && JSON.stringify(mine) === JSON.stringify(theirs));
