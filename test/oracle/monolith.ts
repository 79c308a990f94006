/**
 * The judge: the same data behind one plain graphql-js schema. A second schema without non-null results tells every error
 * that an answer may name, because where null spreads only the first of several has to be told.
 */
import { buildASTSchema, execute, executeSync, GraphQLSchema, isListType, isNonNullType, isObjectType, parse, printSchema, visit, type DocumentNode, type ExecutionResult, type GraphQLObjectType, type GraphQLOutputType, type GraphQLResolveInfo } from 'graphql';
import { ownersOf, requiredBy, resolveOf } from './sdl.ts';
import type { Data, Outcome, Question, Row, World } from './world.ts';

export type Path = readonly (string | number)[];

export interface Monolith {
  answer(question: Question): Promise<Outcome>;
  /** Every path at which an error may be told: what throws, and what is null although it must not be. */
  possible(question: Question): Promise<{ path: Path; message: string | null }[]>;
}

interface Parts { full: GraphQLSchema; api: GraphQLSchema; sources: readonly { name: string; typeDefs: DocumentNode }[]; data: () => Data }
interface Told { data: Data; nulls?: Path[] }

export function openMonolith(world: World, parts: Parts): Monolith {
  const owners = ownersOf(parts.sources);
  const attach = (schema: GraphQLSchema) => attached(world, schema, parts, owners);
  attach(parts.full);
  const api = attach(parts.api);
  const lenient = attach(buildASTSchema(withoutNonNull(parse(printSchema(parts.api)))));
  const run = async (schema: GraphQLSchema, question: Question, told: Told): Promise<ExecutionResult> =>
    execute({ schema, document: parse(question.document), variableValues: question.variables, contextValue: told, rootValue: {} });
  return {
    answer: async (question) => {
      const { data, errors } = await run(api, question, { data: parts.data() });
      return JSON.parse(JSON.stringify({ data, errors })) as Outcome;
    },
    possible: async (question) => {
      const told: Told = { data: parts.data(), nulls: [] };
      const { errors } = await run(lenient, question, told);
      return [...(errors ?? []).map((error) => ({ path: error.path ?? [], message: error.message })), ...told.nulls!.map((path) => ({ path, message: null }))];
    },
  };
}

function attached(world: World, schema: GraphQLSchema, parts: Parts, owners: Map<string, string[]>): GraphQLSchema {
  const required = new Map(parts.sources.flatMap(({ typeDefs }) => [...requiredBy(typeDefs)]));
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const names = [type.name, ...type.getInterfaces().map(({ name }) => name)];
    for (const field of Object.values(type.getFields())) {
      const strict = (parts.api.getType(type.name) as GraphQLObjectType | undefined)?.getFields()[field.name]?.type;
      const selection = names.map((name) => required.get(`${name}.${field.name}`)).find(Boolean);
      const owned = names.flatMap((name) => owners.get(`${name}.${field.name}`) ?? []);
      const root = [schema.getQueryType(), schema.getMutationType()].includes(type);
      field.resolve = (row: Row, args: Record<string, unknown>, told: Told, info: GraphQLResolveInfo) => {
        const gone = !root && owned.length > 0 && owned.every((each) => (world.vanished?.[each] ?? []).includes(String(row.id)));
        const resolve = names.map((name) => world.monolith?.[`${name}.${field.name}`]).find(Boolean) ?? resolveOf(world, parts.full, [type.name], field.name);
        const needs = selection ? neededBy(parts.full, type.name, selection, row, told.data) : {};
        const value = gone ? null : resolve ? resolve(row, args, { data: told.data, needs }) : row[field.name];
        if (told.nulls && strict) recordNulls(strict, value, pathOf(info), told.nulls);
        return value;
      };
    }
  }
  return schema;
}

/** What a `@requires` selection reads, executed on the row itself. */
function neededBy(full: GraphQLSchema, type: string, selection: string, row: Row, data: Data): Row {
  const schema = new GraphQLSchema({ ...full.toConfig(), query: full.getType(type) as GraphQLObjectType, mutation: null, assumeValid: true });
  const { data: found, errors } = executeSync({ schema, document: parse(`{ ${selection} }`), rootValue: row, contextValue: { data } });
  if (errors) throw errors[0]!;
  return found as Row;
}

function recordNulls(type: GraphQLOutputType, value: unknown, path: Path, into: Path[]): void {
  if (isNonNullType(type)) {
    if (value === null || value === undefined) into.push(path);
    else recordNulls(type.ofType, value, path, into);
  } else if (isListType(type) && Array.isArray(value)) {
    value.forEach((each, index) => { recordNulls(type.ofType, each, [...path, index], into); });
  }
}

function pathOf(info: GraphQLResolveInfo): Path {
  const steps: (string | number)[] = [];
  for (let at: GraphQLResolveInfo['path'] | undefined = info.path; at; at = at.prev) steps.unshift(at.key);
  return steps;
}

const withoutNonNull = (document: DocumentNode): DocumentNode => visit(document, {
  FieldDefinition: (node) => ({ ...node, type: visit(node.type, { NonNullType: { leave: (each) => each.type } }) }),
});
