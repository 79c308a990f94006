import { describe, expect, it } from '@jest/globals';
import { buildSchema, getIntrospectionQuery, graphqlSync, Kind, parse, type OperationDefinitionNode } from 'graphql';
import { Supergraph, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES } from '@apollo/federation-internals';
import { readFileSync } from 'node:fs';
import { compose } from '../../schema/compose.ts';
import { project } from '../compile/project.ts';
import { TextWriter } from '../compile/project-text.ts';
import { Selection } from '../compile/shape.ts';
import { requestedCost } from './charge.ts';
import { costOf } from './cost.ts';
import { liftPolicy } from './lift.ts';
import { limit, readDocument } from './limits.ts';
import { weightsOf } from './weights.ts';

const SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@cost", "@listSize"])
  type Query {
    me: User
    users(first: Int, last: Int): Users @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)
    some(ids: [ID!]): [User]
    top: [User] @listSize(assumedSize: 3)
    one(first: Int, last: Int): [User] @listSize(slicingArguments: ["first", "last"])
    any: Any
    find(by: Filter, raw: String @cost(weight: 6)): User @cost(weight: 4)
    plain: [User]
  }
  type Mutation { rename(name: String!): User @cost(weight: 10) }
  type Users { nodes: [User!]! edges: [Edge!]! total: Int }
  type Edge @cost(weight: 0) { node: User! }
  type User { id: ID! rank: Rank score: Int @cost(weight: 2) friends(first: Int = 5): Users @listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false, assumedSize: 20) manager: User }
  type Robot @cost(weight: 9) { id: ID! }
  union Any = User | Robot
  enum Rank @cost(weight: 1) { HIGH }
  input Filter { name: String @cost(weight: 3) and: [Filter!] }
`;
const { supergraph } = compose([{ name: 'all', sdl: SDL }]);
const { costs } = liftPolicy(supergraph);
const weights = weightsOf(supergraph);
const schema = Supergraph.build(supergraph, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES }).apiSchema().toGraphQLJSSchema();
const read = (text: string) => {
  const document = parse(text);
  return { schema, document, operation: document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode };
};
const requested = (text: string, variables: Record<string, unknown> = {}) => requestedCost(read(text), costs, variables).requested;

describe('the requested cost of an operation', () => {
  it.each<[string, Record<string, unknown>, number]>([
    ['{ me { id } }', {}, 1],
    ['{ __typename }', {}, 1],
    ['{ me { id rank } }', {}, 2],
    ['{ me { score } }', {}, 3],
    ['{ me { manager { manager { id } } } }', {}, 3],
    ['{ users { total } }', {}, 1],
    ['{ users { nodes { id } } }', {}, 21],
    ['{ users(first: 100) { nodes { id } } }', {}, 101],
    ['{ users(first: 100) { edges { node { id } } } }', {}, 101],
    ['{ users(first: 2, last: 7) { nodes { id } } }', {}, 8],
    ['query($n: Int) { users(first: $n) { nodes { id } } }', { n: 3 }, 4],
    ['query($n: Int = 6) { users(first: $n) { nodes { id } } }', {}, 7],
    ['query($n: Int) { users(first: $n) { nodes { id } } }', {}, 21],
    ['{ users(first: 10) { nodes { friends { nodes { id } } } } }', {}, 1 + 10 * (1 + 1 + 5)],
    ['{ users(first: 10) { ...p } } fragment p on Users { nodes { friends(first: 2) { ...p } } }', {}, 1 + 10 * 2],
    ['{ users(first: 10) { ...p } } fragment p on Users { nodes { friends(first: 2) { ...q } } } fragment q on Users { nodes { id } }', {}, 1 + 10 * (1 + 1 + 2)],
    ['{ top { id } }', {}, 3],
    ['{ plain { id } }', {}, 10],
    ['{ some(ids: ["a", "b"]) { id } }', {}, 2],
    ['query($ids: [ID!]) { some(ids: $ids) { id } }', { ids: ['a', 'b', 'c'] }, 3],
    ['{ any { ... on User { id } } }', {}, 9],
    ['{ find { id } }', {}, 4],
    ['{ find(raw: "x") { id } }', {}, 10],
    ['{ find(by: { name: "a", and: [{ name: "b" }, {}] }) { id } }', {}, 10],
    ['query($by: Filter) { find(by: $by) { id } }', { by: { and: [{ name: 'b' }] } }, 7],
    ['mutation { rename(name: "x") { id } }', {}, 10],
    ['query($no: Boolean!) { me @skip(if: $no) { id } top @include(if: $no) { id } }', { no: false }, 1],
    ['query($no: Boolean!) { me @skip(if: $no) { id } top @include(if: $no) { id } }', { no: true }, 3],
    ['{ one(first: 8) { id } }', {}, 8],
    ['{ unknown { deeper } me { nope } }', {}, 1],
  ])('%s %j', (text, variables, expected) => expect(requested(text, variables)).toBe(expected));

  it('is refused when a list wants exactly one size and gets none or two', () => {
    expect(() => requested('{ one { id } }')).toThrow(/exactly one of `first`, `last`/);
    expect(() => requested('{ one(first: 1, last: 2) { id } }')).toThrow(/exactly one/);
  });

  it('of a text that unfolds into 2^40 fields is known at once, in a page too', () => {
    const unfolding = (type: string) => Array.from({ length: 40 }, (_, n) => `fragment f${n} on ${type} { ...f${n + 1} ...f${n + 1} }`).join(' ');
    expect(requested(`query($n: Int) { me { ...f0 } } ${unfolding('User')} fragment f40 on User { friends(first: $n) { nodes { id } } }`, { n: 1 })).toBe(1 + 2 ** 40 * 2);
    expect(requested(`query($n: Int) { users(first: $n) { ...f0 } } ${unfolding('Users')} fragment f40 on Users { nodes { id } }`, { n: 1 })).toBe(1 + 2 ** 40);
  });

  it('is compiled once for a document, whatever its variables', () => {
    const same = read('query($n: Int) { users(first: $n) { nodes { id } } }');
    expect([1, 50].map((n) => requestedCost(same, costs, { n }).requested)).toEqual([2, 51]);
    expect(costOf(schema, costs, same.document, same.operation)({ n: 9 })).toEqual({ requested: 10, fixed: 0 });
  });
});

describe('the actual cost of an answer', () => {
  const user = (more: object = {}) => ({ id: 'u', rank: 'HIGH', score: 1, ...more });
  const page = (length: number) => { const nodes = Array.from({ length }, () => user()); return { nodes, edges: nodes.map((node) => ({ node })), total: length }; };
  const root = { me: user({ manager: null, friends: page(2) }), users: page(4), plain: [user(), null, user()], top: [], any: { __typename: 'Robot', id: 'r' }, find: user(), rename: user() };
  const actual = (text: string) => {
    const asked = read(text);
    const { data, errors } = graphqlSync({ schema, source: text, rootValue: root });
    expect(errors).toBeUndefined();
    const selection = Selection.ofOperation(schema, asked.document, asked.operation);
    const rootType = schema.getRootType(asked.operation.operation)!.name;
    const came = JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
    const { actualCost } = project({ schema, selection, rootType, data: came, errors: [], variables: {}, refused: new Map(), weights });
    // Both ways to write an answer count alike.
    const counted = { cost: 0 };
    if (new TextWriter(schema, weights).of(selection, rootType)(came, {}, counted) !== undefined) expect(counted.cost).toBe(actualCost);
    return actualCost;
  };

  it.each([
    ['{ me { id } }', 1],
    ['{ me { id rank score manager { id } } }', 4],
    ['{ users(first: 100) { nodes { id } total } }', 5],
    ['{ users { edges { node { id } } } }', 5],
    ['{ me { friends { nodes { id } } } me { friends { nodes { rank } } } }', 1 + 1 + 2 + 2],
    ['{ plain { id } top { id } }', 2],
    ['{ any { __typename ... on Robot { id } } }', 9],
    ['{ a: find { id } b: find { id } }', 8],
    ['mutation { rename(name: "x") { id } }', 10],
  ])('%s', (text, expected) => expect(actual(text)).toBe(expected));

  it('is never above what was requested, when pages keep their size', () => {
    for (const text of ['{ me { id rank score } }', '{ users(first: 4) { nodes { id score } edges { node { rank } } } }', '{ any { __typename } find { id } }']) {
      expect(actual(text)).toBeLessThanOrEqual(requested(text));
    }
  });
});

describe('what the costs of Atlas are', () => {
  const sdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
  const api = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));
  const atlas = liftPolicy(sdl).costs;
  const cost = (text: string) => {
    const asked = readDocument(text, null);
    limit(api, asked.document, asked.operation, {});
    return requestedCost({ schema: api, ...asked }, atlas, {}).requested;
  };
  it("lets GraphiQL's whole introspection through", () => {
    expect(cost(getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, oneOf: true }))).toBe(100);
  });
  it('a page as many as it may hold, an edge nothing, a change ten, a slow hash fifty', () => {
    expect(cost('{ tenants(first: 100) { edges { node { id } cursor } pageInfo { hasNextPage } } }')).toBe(101);
    expect(cost('{ tenants { nodes { members(first: 50) { nodes { role } } } } }')).toBe(1 + 20 * (1 + 1 + 50));
    expect(cost('mutation { updateTenant(input: { name: "x" }) { tenant { id } userErrors { code } } }')).toBe(11);
    expect(cost('mutation { login(input: { email: "a@b.cd", password: "x" }) { userErrors { code } } }')).toBe(50);
    expect(cost('{ apiKeyScopes { name } }')).toBe(11);
  });
});
