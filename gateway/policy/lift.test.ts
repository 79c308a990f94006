import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { ApolloGateway } from '@apollo/gateway';
import { isSpecifiedScalarType, type GraphQLSchema } from 'graphql';
import { compose } from '../../schema/compose.ts';
import { liftPolicy } from './lift.ts';

const committed = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
const link = (...imports: string[]) => `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ${JSON.stringify(imports)})`;
const ALL = ['@key', '@shareable', '@requires', '@external', '@authenticated', '@requiresScopes', '@policy', '@cost', '@listSize'];

const typesOf = (schema: GraphQLSchema) => Object.values(schema.getTypeMap()).filter((type) => !isSpecifiedScalarType(type as never)).map(({ name }) => name).sort();

const things = compose([{ name: 'things', sdl: `${link(...ALL)}
  type Query { thing: Thing things(first: Int): [Thing!] @listSize(assumedSize: 7, slicingArguments: ["first"]) secret(of: Where @cost(weight: 4)): Secret }
  interface Thing { id: ID! owner: String parts: [Thing!] }
  type Box implements Thing { id: ID! owner: String @requiresScopes(scopes: [["a", "b"], ["c"]]) parts: [Thing!] @listSize(assumedSize: 3) @cost(weight: 2) }
  type Bag implements Thing @cost(weight: 5) { id: ID! owner: String parts: [Thing!] }
  type Secret @authenticated { text: String @policy(policies: [["p"]]) rank: Rank }
  enum Rank @requiresScopes(scopes: [["ranks"]]) { HIGH }
  input Where { name: String @cost(weight: 3) }
` }]).supergraph;

describe('a supergraph whose policy is lifted', () => {
  it.each([['of Atlas', committed], ['with everything in it', things]])('is one that Apollo reads, and the same API (%s)', async (_, sdl) => {
    expect(() => Supergraph.build(sdl)).toThrow(/unsupported/i);
    const lifted = liftPolicy(sdl);
    expect(lifted.sdl).not.toMatch(/@(authenticated|requiresScopes|policy|cost|listSize)\b|policy__|requiresScopes__/);
    const gateway = new ApolloGateway({ supergraphSdl: lifted.sdl, logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined } });
    let schema: GraphQLSchema | undefined;
    gateway.onSchemaLoadOrUpdate(({ apiSchema }) => { schema = apiSchema; });
    await gateway.load();
    await gateway.stop();
    expect(typesOf(schema!)).toEqual(typesOf(Supergraph.build(sdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES }).apiSchema().toGraphQLJSSchema()));
  });

  it('says who may have which field: by the field, the type it is of and the type it gives, and behind an interface', () => {
    const { requirements } = liftPolicy(things);
    const plain = Object.fromEntries([...requirements].filter(([name]) => !name.startsWith('Thing.')));
    expect(plain).toEqual({
      'Box.owner': { authenticated: true, scopes: [[['a', 'b'], ['c']]], policies: [] },
      'Query.secret': { authenticated: true, scopes: [], policies: [] },
      'Secret.text': { authenticated: true, scopes: [], policies: [[['p']]] },
      'Secret.rank': { authenticated: true, scopes: [[['ranks']]], policies: [] },
    });
    expect(requirements.get('Thing.owner')).toMatchObject({ implementers: ['Box.owner'] });
    expect(requirements.has('Bag.owner')).toBe(false);
  });

  it('says what everything is worth', () => {
    const { costs } = liftPolicy(things);
    expect(Object.fromEntries(costs.types)).toEqual({ Bag: 5 });
    expect(Object.fromEntries(costs.fields)).toEqual({ 'Box.parts': 2, 'Thing.parts': 2 });
    expect(Object.fromEntries(costs.inputs)).toEqual({ 'Query.secret(of:)': 4, 'Where.name': 3 });
    expect(costs.lists.get('Query.things')).toEqual({ assumedSize: 7, slicingArguments: ['first'], sizedFields: [], requireOneSlicingArgument: true });
    expect(costs.lists.get('Thing.parts')).toMatchObject({ assumedSize: 3 });
  });

  it('is found under whatever name the file gives its directives', () => {
    const renamed = committed
      .replace('@link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@listSize"])', '@link(url: "https://specs.apollo.dev/cost/v0.1", as: "price")')
      .replace('@link(url: "https://specs.apollo.dev/policy/v0.1", for: SECURITY)', '@link(url: "https://specs.apollo.dev/policy/v0.1", import: [{ name: "@policy", as: "@rule" }], for: SECURITY)')
      .replaceAll('@cost(', '@price(').replaceAll('@listSize(', '@price__listSize(').replaceAll('@policy(', '@rule(');
    expect(renamed).not.toBe(committed);
    const [one, other] = [liftPolicy(renamed), liftPolicy(committed)];
    expect(one.requirements).toEqual(other.requirements);
    expect(one.costs).toEqual(other.costs);
    expect(one.sdl).toBe(other.sdl);
  });

  it('leaves a supergraph without any of it as it is', () => {
    const plain = compose([{ name: 'plain', sdl: `${link('@key')} type Query { a: Int }` }]).supergraph;
    expect(liftPolicy(plain)).toMatchObject({ sdl: plain, requirements: new Map() });
  });
});

describe('composition', () => {
  it('holds a field that requires another to ask for what that one asks', () => {
    const owner = { name: 'owner', sdl: `${link(...ALL)} type Query { t: T } type T @key(fields: "id") { id: ID! secret: String @requiresScopes(scopes: [["s"]]) }` };
    const reader = (auth: string) => ({ name: 'reader', sdl: `${link(...ALL)} type T @key(fields: "id") { id: ID! secret: String @external shown: String @requires(fields: "secret") ${auth} }` });
    expect(() => compose([owner, reader('')])).toThrow(/secret|requires/i);
    expect(() => compose([owner, reader('@requiresScopes(scopes: [["s"]])')])).not.toThrow();
  });
});
