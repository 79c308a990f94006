/**
 * A service's slice of the graph: type-graphql classes in, a federated subgraph out. Printing needs the classes alone,
 * so `npm run schema` needs no database; answering needs the resolvers that `start` has made from its ports.
 */
import 'reflect-metadata';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { execute, lexicographicSortSchema, parse, validate, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { buildSchemaSync, createResolversMap, getMetadataStorage, type NonEmptyArray } from 'type-graphql';
import { withCosts } from './cost.ts';
import { rulesByField, SHARED_POLICY, type PolicyTable } from './policy.ts';
import { withPolicy } from './policy-directives.ts';
import type { Class } from './graph-types.ts';
import { guard, type Once, type Reference } from './graph-guard.ts';
import { AtlasError, toPublic, type PublicError } from './errors.ts';
import { documentCache } from './document-cache.ts';
import { eventsOf } from './graph-follow.ts';
import type { Waiting } from './gone.ts';
import type { Log } from './log.ts';
import { requestInfo } from './request.ts';
import type { ServiceName } from './names.ts';
import { usageSaidIn, type SaidUsage } from './said-usage.ts';
import { errorsTotal, requestSeconds, streamsTotal } from './telemetry/metrics.ts';
import { inSpan } from './telemetry/trace.ts';
import { isSealed, type Viewer } from './viewer.ts';
import type { Told } from './write-token.ts';

/** What a subgraph publishes. `types` lists every object type that no field names directly, implementers of interfaces above all. */
export interface Slice {
  name: ServiceName;
  resolvers: readonly Class[];
  types: readonly Class[];
  policy: PolicyTable;
}

export interface GraphRequest {
  document: string;
  variables?: Record<string, unknown> | undefined;
  /** The variables as JSON, where whoever asks has them written already. */
  variablesText?: string | undefined;
  operationName?: string | undefined;
  viewer: Viewer;
  /** What the document is. Only a query is asked again when nobody answers; without it nothing is. */
  kind?: 'query' | 'mutation' | 'subscription';
  /** Headers of the client that travel on as they are: only without viewers of Atlas, to subgraphs that are not Atlas's. */
  headers?: Readonly<Record<string, string>>;
  /** Aborts when nobody waits for the answer any more. */
  signal?: Waiting;
  /** Several wait for the answer, each by a clock of their own: the deadline of the request in which it was asked is not its own. */
  isShared?: boolean;
  /** How a stream goes on from the last event that arrived, after the other side was lost; null, or without it: it ends. */
  resume?: ((last: GraphAnswer) => GraphRequest | null) | undefined;
}
export interface GraphAnswer {
  data?: Record<string, unknown> | null;
  errors?: (PublicError & { path?: readonly (string | number)[] })[];
  extensions?: {
    /** Between processes alone: what the request told there. */
    told?: readonly Told[];
    /** What the answer has cost beyond its points (said-usage.ts). */
    usage?: readonly SaidUsage[];
  };
}

export interface Graph {
  readonly schema: GraphQLSchema;
  answer(request: GraphRequest): Promise<GraphAnswer>;
  /** A subscription: one answer an event, until it ends or the signal aborts. An answer without `data` is the last: it was refused, or broke. */
  follow(request: GraphRequest, signal: AbortSignal): AsyncIterable<GraphAnswer>;
}

const DOCUMENTS_BYTES_MAX = 32_000_000;

const FEDERATION = ['@key', '@shareable', '@inaccessible', '@external', '@requires', '@provides', '@override', '@tag', '@interfaceObject', '@authenticated', '@requiresScopes', '@policy', '@cost', '@listSize'];

/** Imports what the slice uses and nothing else: an unused import would still turn on its feature in the supergraph. */
const linkOf = (sdl: string): string => {
  const used = FEDERATION.filter((directive) => new RegExp(`${directive}\\b`).test(sdl)).map((directive) => `"${directive}"`);
  return `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [${used.join(', ')}])\n\n`;
};

/** type-graphql wants one before it builds a subscription. Events come from the bus, which a field's own `subscribe` listens to. */
const noTopics = (): never => { throw new Error('A subscription says `subscribe`; there are no topics.'); };
const NO_TOPICS = { publish: noTopics, subscribe: noTopics };

/** type-graphql has no place for these; every slice says the same, so composition has nothing to choose. */
const ROOTS = { Query: 'What can be asked.', Mutation: 'What can be changed.', Subscription: 'What can be followed.' };

/** The slice as SDL, the same alone and beside others: type-graphql's memory is global, so everything is named. Sorted, so that a diff shows what changed and not what moved. */
export function printSlice(slice: Slice): string {
  const schema = lexicographicSortSchema(classesToSchema(slice));
  for (const [name, description] of Object.entries(ROOTS)) Object.assign(schema.getType(name) ?? {}, { description });
  const plain = printSchemaWithDirectives(schema).replace(/^schema \{[^}]*\}\s*/m, '');
  const sdl = withCosts(withPolicy(plain, slice.policy));
  return `${linkOf(sdl)}${sdl}\n`;
}

function classesToSchema(slice: Slice, instances: ReadonlyMap<unknown, object> = new Map()): GraphQLSchema {
  // Nothing stands between a field and what its object holds, so the library reads it itself.
  for (const type of getMetadataStorage().objectTypes) type.simpleResolvers = true;
  return buildSchemaSync({
    resolvers: slice.resolvers as unknown as NonEmptyArray<Function>,
    orphanedTypes: slice.types as unknown as Function[],
    container: { get: (wanted: unknown) => instances.get(wanted) },
    scalarsMap: [{ type: Date, scalar: GraphQLDateTime }],
    validate: false,
    pubSub: NO_TOPICS,
    // The schema holds federation's directives, which only the subgraph's own build knows.
    skipCheck: true,
  });
}

export function graphOf<Context extends { viewer: Viewer }>(given: {
  slice: Slice;
  /** One instance of every resolver class of the slice. */
  resolvers: readonly object[];
  /** How an entity is found when another service, or a replayed mutation, names it. */
  references: Record<string, Reference<Context>>;
  context: (viewer: Viewer) => Context;
  once: Once;
  log: Log;
}): Graph {
  const { slice, log } = given;
  const instances = new Map(given.resolvers.map((resolver) => [resolver.constructor as unknown, resolver]));
  const plain = classesToSchema(slice, instances);
  const resolvers = createResolversMap(plain) as Record<string, Record<string, unknown>>;
  for (const [type, find] of Object.entries(given.references)) {
    resolvers[type] = { ...resolvers[type], __resolveReference: (reference: Record<string, string>, context: Context) => find(reference, context) };
  }
  const schema = buildSubgraphSchema([{ typeDefs: parse(printSlice(slice)), resolvers: resolvers as never }]);
  guard(schema, rulesByField({ ...slice.policy, ...SHARED_POLICY }), given);
  return answering({ name: slice.name, schema, context: given.context, log });
}

/** A schema whose resolvers are in their places, answered as every service's is: documents read once, errors masked, counted and traced. */
export function answering<Context extends { viewer: Viewer }>(given: { name: ServiceName; schema: GraphQLSchema; context: (viewer: Viewer) => Context; log: Log }): Graph {
  const { name, schema, log } = given;
  const documents = documentCache<DocumentNode>(DOCUMENTS_BYTES_MAX);
  const read = (text: string): DocumentNode => {
    const known = documents.get(text);
    if (known) return known;
    const document = parse(text, { noLocation: true });
    const [fault] = validate(schema, document);
    if (fault) throw new AtlasError('GRAPHQL_VALIDATION_FAILED', fault.message);
    documents.set(text, document);
    return document;
  };

  const outward = (errors: readonly { originalError?: unknown; message: string; path?: readonly (string | number)[] | undefined }[] | undefined) =>
    errors?.map((error) => {
      const cause = (error.originalError as Error | undefined) ?? error;
      const shown = toPublic(cause, requestInfo()?.requestId);
      if (shown.extensions.code === 'INTERNAL') log.error({ err: cause, path: error.path, service: name }, 'A field failed.');
      errorsTotal.inc({ service: name, code: shown.extensions.code });
      return { ...shown, ...(error.path && { path: error.path }) };
    });

  const answer = async (request: GraphRequest): Promise<GraphAnswer> => {
    if (!isSealed(request.viewer)) throw new AtlasError('UNAUTHENTICATED', 'A service answers only callers that the gateway or another service vouches for.');
    const contextValue = given.context(request.viewer);
    const result = await execute({
      schema,
      document: read(request.document),
      contextValue,
      variableValues: request.variables ?? {},
      operationName: request.operationName ?? null,
    }) as ExecutionResult;
    // Without data nothing ran: a variable did not fit its type, and the library says which.
    if (result.data === undefined) throw new AtlasError('BAD_USER_INPUT', result.errors?.[0]?.message);
    const errors = outward(result.errors);
    return { ...(result.data !== undefined && { data: result.data }), ...(errors && { errors }), ...usageSaidIn(contextValue) };
  };

  const follow = async function* (request: GraphRequest, signal: AbortSignal): AsyncGenerator<GraphAnswer, void, undefined> {
    let outcome = 'ok';
    try {
      if (!isSealed(request.viewer)) throw new AtlasError('UNAUTHENTICATED', 'A service answers only callers that the gateway or another service vouches for.');
      yield* eventsOf({
        schema, signal, outward,
        document: read(request.document),
        variables: request.variables ?? {},
        operationName: request.operationName ?? null,
        context: () => given.context(request.viewer),
      });
    } catch (error) {
      outcome = 'refused';
      yield { errors: outward([{ originalError: error, message: '' }])! };
    } finally {
      streamsTotal.inc({ service: name, outcome });
    }
  };

  return {
    schema,
    follow,
    answer: (request) => inSpan(`${name} ${request.operationName ?? 'graph'}`, { kind: 'server', attributes: { 'atlas.service': name } }, async () => {
      const done = requestSeconds.startTimer({ service: name });
      try {
        const answered = await answer(request);
        done({ outcome: answered.errors ? 'errors' : 'ok' });
        return answered;
      } catch (error) {
        done({ outcome: 'refused' });
        return { errors: outward([{ originalError: error, message: '' }])! };
      }
    }),
  };
}
