import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { AtlasError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { anonymous, userViewer } from '../platform/viewer.ts';
import { compose, openWorld, type Subgraph, type World } from '../test/kit/subgraphs.ts';
import { JsonText } from './executor.ts';

const people = [{ id: '1', name: 'Ada' }, { id: '2', name: 'Bob' }];
let stock = 0;
let gate: Promise<void> | undefined;
const order: string[] = [];

const SHOP: Record<string, Subgraph> = {
  products: {
    sdl: `
      type Query { products: [Product!]! product(id: ID!): Product broken: Product }
      type Mutation { add(name: String!): Product rename(name: String!): Product }
      type Subscription { sold: Product }
      type Product @key(fields: "id") { id: ID! name: String! maker: Person buyer: Person must: Int! constructor: String odd: Int }
      type Person @key(fields: "id", resolvable: false) { id: ID! }`,
    resolvers: {
      Query: { products: () => products(), product: (_: unknown, { id }: { id: string }) => products().find((each) => each.id === id), broken: () => ({ ...products()[0], must: null }) },
      Mutation: { add: (_: unknown, { name }: { name: string }) => { order.push(name); stock += 1; return products()[0]; }, rename: (_: unknown, { name }: { name: string }) => { order.push(name); return products()[1]; } },
      Subscription: { sold: { subscribe: async function* sold() { for (const each of products()) yield { sold: each }; } } },
      Product: { __resolveReference: ({ id }: { id: string }) => products().find((each) => each.id === id) },
    },
  },
  people: {
    sdl: `
      type Query { me: Person }
      type Person @key(fields: "id") { id: ID! name: String! mail: String }`,
    resolvers: {
      Query: { me: () => people[0] },
      Person: {
        __resolveReference: ({ id }: { id: string }) => people.find((each) => each.id === id) ?? null,
        mail: ({ id }: { id: string }) => { if (id === '2') throw new Error('no mail for Bob'); return 'ada@example.com'; },
      },
    },
  },
  stock: { sdl: 'type Query { stock: Int } type Product @key(fields: "id") { id: ID! left: Int }', resolvers: { Query: { stock: () => stock }, Product: { __resolveReference: (it: object) => it, left: () => stock } } },
};
function products() {
  return ['a', 'b', 'c'].map((id, at) => ({ id, name: `Product ${id}`, maker: { id: '1' }, buyer: { id: at === 2 ? '9' : '2' }, must: at, constructor: 'own', odd: 'not a number' as unknown }));
}

let world: World;
beforeAll(async () => { world = await openWorld(SHOP, { before: () => gate }); });
afterAll(() => world?.stop());
beforeEach(() => { world.asked.length = 0; order.length = 0; gate = undefined; });
const services = () => world.asked.map(({ service }) => service);

describe('fetches', () => {
  it('ask for each entity once, wherever it stands, and for several kinds of it in one request', async () => {
    const { data, errors } = await world.ask('{ products { maker { name } buyer { name } } }');
    expect(services()).toEqual(['products', 'people']);
    const { variables, document } = world.asked[1]!;
    expect(document.match(/_entities/g)).toHaveLength(2);
    expect(variables).toEqual({ representations_0: [{ __typename: 'Person', id: '1' }], representations_1: [{ __typename: 'Person', id: '2' }, { __typename: 'Person', id: '9' }] });
    expect(data!.products).toMatchObject([{ maker: { name: 'Ada' }, buyer: { name: 'Bob' } }, { maker: { name: 'Ada' }, buyer: { name: 'Bob' } }, { maker: { name: 'Ada' }, buyer: null }]);
    // Nobody has the id 9: it is gone since it was named, and where it stood may be nothing. That is no fault.
    expect(errors).toBeUndefined();
  });

  it('are shared by equal callers who ask at one moment, and by no others', async () => {
    const ada = userViewer({ userId: newId('usr'), sessionId: null, tenantId: null, role: null });
    const callers = [{ viewer: anonymous }, { viewer: anonymous }, { viewer: ada }, { viewer: anonymous, headers: { authorization: 'one' } }, { viewer: anonymous, headers: { authorization: 'two' } }];
    const answers = await Promise.all(callers.map((caller) => world.ask('{ products { name } }', { caller })));
    expect(services()).toHaveLength(4);
    for (const { data } of answers) expect(data).toEqual(answers[0]!.data);
    expect(answers[0]!.data).not.toBe(answers[1]!.data);
  });

  it('are not shared with a question that was asked before something was changed', async () => {
    let open = () => {};
    gate = new Promise((resolve) => { open = resolve; });
    const before = world.ask('{ stock }');
    await turn();
    gate = undefined;
    await world.ask('mutation { add(name: "x") { id } }');
    const after = await world.ask('{ stock }');
    open();
    await before;
    expect(services()).toEqual(['stock', 'products', 'stock']);
    expect(after.data).toEqual({ stock });
  });

  it('end when the last who waits is gone, and not before', async () => {
    gate = new Promise(() => undefined);
    const [one, two] = [new AbortController(), new AbortController()];
    for (const { signal } of [one, two]) void world.ask('{ stock }', { signal });
    await turn();
    await turn();
    const [{ signal } = {}] = world.asked;
    expect(world.asked).toHaveLength(1);
    one.abort();
    expect(signal!.aborted).toBe(false);
    two.abort();
    expect(signal!.aborted).toBe(true);
  });

  it('of a mutation go one after the other, each alone', async () => {
    const { data } = await world.ask('mutation { one: rename(name: "1") { left } two: add(name: "2") { left } three: rename(name: "3") { id } }');
    expect(order).toEqual(['1', '2', '3']);
    expect(data).toMatchObject({ one: { left: stock }, two: { left: stock }, three: { id: 'b' } });
    expect(world.asked.filter(({ kind }) => kind === 'mutation').length).toBeGreaterThan(0);
  });
});

describe('answers', () => {
  it('are the same as text and as objects', async () => {
    const query = '{ a: products { t: __typename id constructor maker { name } ...more } stock __typename } fragment more on Product { must buyer @skip(if: true) { name } }';
    const prepared = await world.engine.prepare(query, null);
    const asked = { variables: {}, caller: { viewer: anonymous } };
    const [text, object] = [await world.engine.answer(prepared, asked), await world.engine.answerObject(prepared, asked)];
    expect(text.data).toBeInstanceOf(JsonText);
    expect(JSON.parse(text.data!.text)).toEqual(object.data);
    expect(text.actualCost).toBe(object.actualCost);
    expect(object.data!.a).toHaveLength(3);
  });

  it('say of every null that may not be where, and why once', async () => {
    const { data, errors } = await world.ask('{ broken { id must } products { odd buyer { mail } } }');
    expect(data!.broken).toBeNull();
    expect(errors!.map(({ path }) => path)).toEqual(expect.arrayContaining([['broken', 'must'], ['products', 0, 'odd'], ['products', 0, 'buyer', 'mail'], ['products', 1, 'buyer', 'mail']]));
    expect(new Set(errors!.map(({ path }) => JSON.stringify(path))).size).toBe(errors!.length);
  });

  it('withhold what is refused without asking for it', async () => {
    const refused = new Map([['Person.mail', new AtlasError('FORBIDDEN', 'This needs scope mail.', { missing: 'scope mail' })]]);
    const { data, errors } = await world.ask('query ($yes: Boolean!) { me { id mail @include(if: $yes) } }', { refused, variables: { yes: true } });
    expect(data).toEqual({ me: { id: '1', mail: null } });
    expect(errors).toMatchObject([{ path: ['me', 'mail'], extensions: { code: 'FORBIDDEN', missing: 'scope mail' } }]);
    expect(world.asked.map(({ document }) => document).join()).not.toContain('mail');
  });

  it('refuse variables that do not fit, before anything is fetched', async () => {
    const answer = await world.ask('query ($id: ID!) { product(id: $id) { id } }', { variables: {} });
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(answer).not.toHaveProperty('data');
    expect(world.asked).toEqual([]);
  });

  it('to introspection come from the schema, beside what is fetched', async () => {
    const { data } = await world.ask('query ($t: String = "Product") { stock one: __type(name: $t) { name ...f } __schema { queryType { name } } } fragment f on __Type { fields { name } }');
    expect(data).toMatchObject({ stock, one: { name: 'Product', fields: expect.arrayContaining([{ name: 'left' }]) }, __schema: { queryType: { name: 'Query' } } });
  });
});

describe('documents', () => {
  it('are read, checked and planned once', async () => {
    const [one, two] = [world.engine.prepare('{ stock }', null), world.engine.prepare('{ stock }', null)];
    expect(await one).toBe(await two);
    expect(await world.engine.prepare('{ stock }', null)).toBe(await one);
  });

  it('are planned beside the event loop, which goes on', async () => {
    const fields = Array.from({ length: 300 }, (_, at) => `a${at}: products { id left maker { name } buyer { mail } }`).join(' ');
    let turns = 0;
    let done = false;
    const planned = world.engine.prepare(`{ ${fields} }`, null).finally(() => { done = true; });
    while (!done) {
      turns += 1;
      await turn();
    }
    await planned;
    expect(turns).toBeGreaterThan(100);
  });

  it.each([
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'], ['{', 'GRAPHQL_PARSE_FAILED'], ['query A { stock } query B { stock }', 'OPERATION_RESOLUTION_FAILURE'], ['{ __typename: stock }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('that cannot be served say so: %s', async (query, code) => {
    await expect(world.ask(query)).rejects.toMatchObject({ code });
  });

  it('prepared before another supergraph took over go on over their own', async () => {
    const other = await openWorld(SHOP);
    try {
      const before = await other.engine.prepare('{ products { left } }', null);
      const { people: gone, ...rest } = SHOP;
      expect(gone).toBeDefined();
      rest.products = { ...SHOP.products!, sdl: 'type Query { products: [Product!]! } type Product @key(fields: "id") { id: ID! name: String! }' };
      await other.engine.replace(compose(rest));
      expect(other.engine.schema().getType('Person')).toBeUndefined();
      expect((await other.engine.answerObject(before, { variables: {}, caller: { viewer: anonymous } })).errors).toBeUndefined();
      await expect(other.engine.prepare('{ me { id } }', null)).rejects.toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
      await expect(other.engine.replace('type Query { a: Int')).rejects.toThrow(/Syntax Error/);
      await expect(other.engine.replace('type Query { a: Int }')).rejects.toThrow();
      expect((await other.ask('{ products { name } }')).data).toBeDefined();
    } finally {
      await other.stop();
    }
  });
});

describe('what is deferred', () => {
  const inParts = async (query: string, variables: Record<string, unknown> = {}) => {
    const parts = [];
    for await (const part of world.engine.answerInParts(await world.engine.prepare(query, null), { variables, caller: { viewer: anonymous } })) parts.push(part);
    return parts;
  };

  it('comes later, each part where it belongs, with what went wrong in it', async () => {
    const parts = await inParts('query { products { id ... @defer(label: "people") { buyer { id mail ... @defer { name } } } } ... @defer { stock } }');
    expect(parts[0]).toMatchObject({ answer: { data: { products: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] } }, hasNext: true });
    expect(parts[0]).not.toHaveProperty('answer.errors');
    const later = parts.slice(1).flatMap((part) => ('parts' in part ? part.parts : []));
    expect(later).toHaveLength(7); // the stock, three buyers, and of each a name
    expect(later).toContainEqual(expect.objectContaining({ path: [], data: { stock } }));
    expect(later).toContainEqual(expect.objectContaining({ path: ['products', 1], label: 'people', data: { buyer: { id: '2', mail: null } }, errors: [expect.objectContaining({ path: ['products', 1, 'buyer', 'mail'] })] }));
    expect(later).toContainEqual(expect.objectContaining({ path: ['products', 0, 'buyer'], data: { name: 'Bob' } }));
    expect(later).toContainEqual(expect.objectContaining({ path: ['products', 2, 'buyer'], data: null, errors: [expect.objectContaining({ path: ['products', 2, 'buyer', 'name'] })] }));
    expect(parts.map(({ hasNext }) => hasNext)).toEqual([...parts.slice(1).map(() => true), false]);
  });

  it.each([['by a variable', 'query ($yes: Boolean!) { stock ... @defer(if: $yes) { me { name } } }', { yes: false }], ['by nobody', '{ stock me { name } }', {}]])('is at once when that is wanted: %s', async (_, query, variables) => {
    expect(await inParts(query, variables)).toEqual([{ answer: { data: { stock, me: { name: 'Ada' } }, actualCost: expect.any(Number) }, hasNext: false }]);
  });

  it('is at once where the answer comes whole', async () => {
    expect((await world.ask('query ($yes: Boolean = true) { stock ... @defer(if: $yes) { me { name ... @defer { id } } } }')).data).toEqual({ stock, me: { name: 'Ada', id: '1' } });
  });

  it('is not sent for what the first answer does not have', async () => {
    const parts = await inParts('{ broken { must ... @defer { id left } } stock }');
    expect(parts[0]).toMatchObject({ answer: { data: { broken: null, stock } } });
    expect(parts.slice(1).flatMap((part) => ('parts' in part ? part.parts : []))).toEqual([]);
  });
});

describe('subscriptions', () => {
  it('are completed by other subgraphs, event by event', async () => {
    const prepared = await world.engine.prepare('subscription { sold { name left maker { name } } }', null);
    const events = [];
    for await (const event of world.engine.follow(prepared, { variables: {}, caller: { viewer: anonymous } }, new AbortController().signal)) events.push(JSON.parse(event.data!.text));
    expect(events).toEqual(products().map(({ name }) => ({ sold: { name, left: stock, maker: { name: 'Ada' } } })));
  });
});

describe('a progressive override', () => {
  it('decides for each request who answers', async () => {
    let on = false;
    const field = (directive: string, value: string): Subgraph => ({ sdl: `type Query { ${value}: Int } type Product @key(fields: "id") { id: ID! price: String ${directive} } `, resolvers: { Product: { __resolveReference: (it: object) => it, price: () => value } } });
    const before = field('', 'old');
    const after = field('@override(from: "before", label: "percent(50)")', 'new');
    const own = await openWorld({
      before: { ...before, sdl: `${before.sdl} extend type Query { product: Product }`, resolvers: { ...before.resolvers, Query: { product: () => ({ id: '1' }) } } },
      after,
    }, { isOverridden: () => on });
    expect((await own.ask('{ product { price } }')).data).toEqual({ product: { price: 'old' } });
    on = true;
    expect((await own.ask('{ product { price } }')).data).toEqual({ product: { price: 'new' } });
    await own.stop();
  });
});
