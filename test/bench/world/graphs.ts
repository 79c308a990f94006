/** The benchmark's graphs, executed by graphql-js: each subgraph with `_entities` and `_service`, and the whole as one. */
import { buildASTSchema, concatAST, execute, isObjectType, parse, validate, type DocumentNode, type ExecutionResult, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { dataOf, type Data, type Dataset, type Product, type Review, type User } from './data.ts';
import { SCHEMAS, WHOLE, type Subgraph } from './schemas.ts';

export interface Asked { query: string; variables?: Record<string, unknown> | null; operationName?: string | null }
export type Answer = (asked: Asked) => ExecutionResult;

type Fields = Record<string, (source: any, args: any) => unknown>;
interface Representation { __typename: string; id?: string; upc?: string; price?: number | null; weight?: number | null }

/** What a product's fields need of it is what a representation brings: nobody looks behind `@requires`. */
const shipping = ({ price, weight }: { price?: number | null; weight?: number | null }): number | null =>
  price == null || weight == null ? null : price > 1_000 ? 0 : Math.floor(weight / 2);

const roots = (data: Data): Fields => ({
  me: () => data.users()[0],
  user: (_, { id }: { id: string }) => data.user(id),
  users: () => data.users(),
  topProducts: (_, { first }: { first: number }) => data.topProducts(first),
});

function fieldsOf(data: Data): Record<string, Fields> {
  return {
    Query: roots(data),
    User: { reviews: ({ id }: User) => data.reviewsOfUser(id) },
    Review: { author: ({ author }: Review) => data.user(author), product: ({ product }: Review) => data.product(product) },
    Product: { reviews: ({ upc }: Product) => data.reviewsOfProduct(upc), shippingEstimate: shipping },
  };
}

/** An entity as its service has it: its own fields, and what came with the representation. */
function entity(data: Data, { __typename, id, upc, ...brought }: Representation): object {
  if (__typename === 'User') return { __typename, ...data.user(id!) };
  if (__typename === 'Review') return { __typename, ...data.review(id!) };
  const { inStock, name, price, weight } = data.product(upc!);
  return { __typename, upc, inStock, name, price, weight, ...brought };
}

const answering = (schema: GraphQLSchema, fields: Record<string, Fields>): Answer => {
  const fieldResolver: GraphQLFieldResolver<any, unknown> = (source, args, _, { parentType, fieldName }) => {
    const own = fields[parentType.name]?.[fieldName];
    return own ? own(source, args) : source?.[fieldName];
  };
  return ({ query, variables, operationName }) => {
    const document = parse(query);
    const faults = validate(schema, document);
    if (faults.length) return { errors: faults };
    return execute({ schema, document, variableValues: variables, operationName, fieldResolver, typeResolver: ({ __typename }) => __typename as string }) as ExecutionResult;
  };
};

const machinery = (document: DocumentNode): string => {
  const entities = document.definitions.flatMap((node) => ('directives' in node && 'name' in node && node.directives?.some(({ name }) => name.value === 'key') ? [node.name!.value] : []));
  return `type Query { _entities(representations: [_Any!]!): [_Entity]! _service: _Service! } scalar _Any type _Service { sdl: String } union _Entity = ${entities.join(' | ')}`;
};

/** `extend type` of what stands nowhere else is a type; what is defined and extended becomes one. */
const merged = (document: DocumentNode): DocumentNode => {
  const seen = new Map<string, any>();
  for (const node of document.definitions as readonly any[]) {
    const before = seen.get(node.name.value);
    if (before) before.fields = [...before.fields, ...node.fields];
    else seen.set(node.name.value, { ...node, kind: node.kind === 'ObjectTypeExtension' ? 'ObjectTypeDefinition' : node.kind });
  }
  return { ...document, definitions: [...seen.values()] };
};

function own(name: Subgraph, dataset: Dataset): { schema: GraphQLSchema; fields: Record<string, Fields> } {
  const data = dataOf(dataset);
  const document = parse(SCHEMAS[name]);
  const schema = buildASTSchema(merged(concatAST([parse(machinery(document)), document])), { assumeValidSDL: true });
  const fields = fieldsOf(data);
  return {
    schema,
    fields: {
      ...fields,
      Query: {
        ...fields.Query,
        _entities: (_, { representations }: { representations: Representation[] }) => representations.map((one) => entity(data, one)),
        _service: () => ({ sdl: SCHEMAS[name] }),
      },
    },
  };
}

export function subgraph(name: Subgraph, dataset: Dataset): Answer {
  const { schema, fields } = own(name, dataset);
  return answering(schema, fields);
}

/** The same with its resolvers in their places, for a server that executes by itself. */
export function executable(name: Subgraph, dataset: Dataset): GraphQLSchema {
  const { schema, fields } = own(name, dataset);
  for (const [typeName, resolvers] of Object.entries(fields)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) if (resolvers[field.name]) field.resolve = resolvers[field.name]!;
  }
  return schema;
}

export const whole = (dataset: Dataset): Answer => answering(buildASTSchema(parse(WHOLE)), fieldsOf(dataOf(dataset)));
