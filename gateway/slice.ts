/**
 * The gateway's own slice of the graph: `node`, `nodes`, `rateLimit` and `AuditEvent.entity`. It enters a type by `nodeId`, which vouches for
 * nothing, and always asks the owner, as the caller: an id that is unknown and one that is forbidden give the same null.
 */
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse } from 'graphql';
import { AtlasError, toPublic } from '../platform/errors.ts';
import type { GraphAnswer, GraphRequest } from '../platform/graph.ts';
import { ID_KINDS, nodePrefix, type NodePrefix } from '../platform/ids.ts';
import { batched } from '../platform/loader.ts';
import type { Reach } from '../platform/reach/reach.ts';
import { requestInfo } from '../platform/request.ts';
import type { SubgraphName } from '../platform/service.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { RateState } from './policy/rate.ts';

const NODES_MAX = 100;

/** The slice as SDL. Every kind of id gives a stub that its owner completes. */
export const gatewaySlice = (): string => `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@inaccessible", "@external", "@requires"])

"What can be asked."
type Query {
  "Anything that has an id, when the caller may see it."
  node("Its id." id: ID!): Node
  "Many at once, in the order of the ids; null where there is nothing to see."
  nodes("Their ids, ${NODES_MAX} at most." ids: [ID!]!): [Node]
  "What the caller has left to spend at the moment."
  rateLimit: RateLimit
}

"Whatever has an id of its own and can be asked for by it."
interface Node {
  "The id as a client typed it."
  nodeId: ID! @inaccessible
}

"How much a caller may ask for in a while."
type RateLimit {
  "What this request cost."
  cost: Int!
  "What a caller may spend in a minute."
  limit: Int!
  "What is left of it."
  remaining: Int!
  "When it is whole again."
  resetAt: DateTime!
}

"A moment, as ISO 8601 text."
scalar DateTime

type AuditEvent implements Node @key(fields: "nodeId") {
  "The id as a client typed it."
  nodeId: ID! @inaccessible
  "What kind of thing it happened to."
  entityType: String! @external
  "Which one."
  entityId: ID! @external
  "The thing itself, when it has an id that can be asked for and the caller may see it."
  entity: Node @requires(fields: "entityType entityId")
}
${Object.values(ID_KINDS).filter(({ type }) => type !== 'AuditEvent').map(({ type }) => `
type ${type} implements Node @key(fields: "nodeId", resolvable: false) {
  "The id as a client typed it."
  nodeId: ID! @inaccessible
}`).join('\n')}
`;

interface Stub { __typename: string; nodeId: string }
interface Context { load(id: string): Promise<Stub | null>; rate: () => Promise<RateState> }

/** Answers the slice's fields in this process. */
export function sliceReach(reaches: ReadonlyMap<SubgraphName, Reach>, rateOf: () => Promise<RateState>): Reach {
  const schema = buildSubgraphSchema([{ typeDefs: parse(gatewaySlice()), resolvers: RESOLVERS as never }]);
  const answer = async ({ document, variables, viewer }: GraphRequest): Promise<GraphAnswer> => {
    const stubs = batched((ids: readonly string[]) => askOwners(ids, viewer, reaches));
    const contextValue: Context = { load: (id) => stubs.load(id), rate: rateOf };
    const { data, errors } = await execute({ schema, document: parse(document), variableValues: variables ?? {}, contextValue });
    return {
      data: data ?? null,
      ...(errors && { errors: errors.map((error) => ({ ...toPublic(error.originalError ?? error, requestInfo()?.requestId), ...(error.path && { path: error.path }) })) }),
    };
  };
  return {
    answer,
    // eslint-disable-next-line require-yield -- the slice has nothing that can be followed
    async *follow() { throw new AtlasError('BAD_REQUEST', 'There is nothing to follow here.'); },
  };
}

const RESOLVERS = {
  Query: {
    node: (_: unknown, { id }: { id: string }, context: Context) => context.load(id),
    nodes(_: unknown, { ids }: { ids: string[] }, context: Context) {
      if (ids.length > NODES_MAX) throw new AtlasError('PAGE_SIZE', `\`nodes\` takes ${NODES_MAX} ids at most.`);
      return ids.map((id) => context.load(id));
    },
    rateLimit: (_: unknown, __: unknown, context: Context) => context.rate(),
  },
  // What it happened to was said by its owner; whether the caller may see it is asked all the same.
  AuditEvent: { entity: ({ entityId }: { entityId: string }, _: unknown, context: Context) => context.load(entityId) },
  Node: { __resolveType: (stub: Stub) => stub.__typename },
};

const ENTITIES = 'query Node($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }';

/** Whether each id is something that the caller may see: one question to each owner. */
async function askOwners(ids: readonly string[], viewer: Viewer, reaches: ReadonlyMap<SubgraphName, Reach>): Promise<Map<string, Stub>> {
  const byOwner = new Map<SubgraphName, { id: string; type: string }[]>();
  for (const id of ids) {
    const prefix: NodePrefix | null = nodePrefix(id);
    if (!prefix) continue;
    const { owner, type } = ID_KINDS[prefix];
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), { id, type }]);
  }
  const seen = new Map<string, Stub>();
  await Promise.all([...byOwner].map(async ([owner, wanted]) => {
    const representations = wanted.map(({ id, type }) => ({ __typename: type, nodeId: id }));
    const { data, errors } = await reaches.get(owner)!.answer({ document: ENTITIES, variables: { representations }, operationName: 'Node', viewer });
    if (errors) throw new AtlasError('SUBGRAPH_UNAVAILABLE', undefined, { cause: new Error(errors[0]?.message) });
    const entities = data?._entities as ({ __typename: string } | null)[];
    wanted.forEach(({ id, type }, at) => {
      if (entities[at]) seen.set(id, { __typename: type, nodeId: id });
    });
  }));
  return seen;
}
