/** Each fault of Apollo's that random questions met, as one question: the executor answers it as the monolith does. Part of oracle.test.ts. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EXPLAINED, explanations } from './explained.ts';
import { openTrial, type Trial } from './trial.ts';
import { WORLDS } from './worlds/index.ts';

/** Open until all is tried. */
export const trials = new Map<string, Trial>();
const NEEDED = ['shop', 'media', 'keys', 'nulls', 'shares', 'moved', 'contexts', 'changes', 'objects', 'behind', 'sealed', 'detours'];

beforeAll(async () => {
  for (const world of WORLDS) if (NEEDED.includes(world.name)) trials.set(world.name, await openTrial(world));
});
afterAll(async () => {
  for (const trial of trials.values()) await trial.stop();
});

const answer = async (world: string, document: string, variables: Record<string, unknown> = {}) => {
  const trial = trials.get(world)!;
  expect(await trial.fault({ document, variables })).toBeNull();
  trial.opened.reset();
  return trial.ours.answer({ document, variables });
};

interface Case { name: string; world: string; document: string; variables?: Record<string, unknown> }

const FAULTS: readonly Case[] = [
  { name: 'an alias is taken for what services ask for', world: 'media', document: '{ media { id: pages ... on Rated { rating } } }' },
  { name: 'required arguments are mixed up', world: 'shop', document: '{ product(upc: "2") { shipping shippingEuro } }' },
  { name: 'required arguments are mixed up', world: 'shop', document: '{ inStock { shouted name } }' },
  { name: 'required arguments are mixed up', world: 'shop', document: 'query($c: String) { top { price(currency: $c) shippingEuro } }' },
  { name: 'a requirement that is skipped takes others along', world: 'shop', document: 'query($on: Boolean!) { top { area plain @include(if: $on) } }', variables: { on: false } },
  { name: 'a requirement of a requirement is asked for too early', world: 'shop', document: '{ inStock { badge } }' },
  { name: 'a requirement of a requirement is asked for too early', world: 'shop', document: '{ inStock { title badge tax { amount } shelf { row } } }' },
  { name: 'a requirement of a requirement is asked for too early', world: 'detours', document: '{ feed { byExpert } }' },
  { name: 'a requirement of a requirement is asked for too early', world: 'detours', document: '{ stream { byExpert } }' },
  { name: 'a key that is not resolvable is used', world: 'keys', document: '{ entry { mashes { named } } }' },
  { name: 'another name for __typename is lost', world: 'nulls', document: '{ ...F1 } fragment F0 on Inner { t: __typename } fragment F1 on Query { cThing { inner { ... on Choice { ...F0 } } } }' },
  { name: 'conditions that exclude each other empty the plan', world: 'shares', document: 'query($v: Boolean!) { product @skip(if: $v) { category @include(if: $v) { __typename } } }', variables: { v: false } },
  { name: 'interface objects confuse the planner', world: 'objects', document: '{ offers { media { ... on Game { age } } } }' },
  { name: 'interface objects confuse the planner', world: 'objects', document: '{ offers { media { ... on Game { cheap label } } } }' },
  { name: 'interface objects confuse the planner', world: 'objects', document: '{ topRated { ... on Game { age } } }' },
  { name: 'interface objects confuse the planner', world: 'objects', document: '{ node(id: "1") { ... on Game { age } worth } }' },
  { name: 'interface objects confuse the planner', world: 'sealed', document: '{ shelf { ... on Bread { c: id } } }' },
  { name: 'interface objects confuse the planner', world: 'behind', document: '{ things { __typename id } }' },
  { name: 'interface objects confuse the planner', world: 'behind', document: '{ things { ... on Game { label } ... on Shop { open } } }' },
  { name: 'interface objects confuse the planner', world: 'behind', document: '{ reviews { of { ... on Hit { ... on Book { worth pages } } } } }' },
  { name: 'interface objects confuse the planner', world: 'behind', document: '{ rated { ... on Node { id } } }' },
  { name: 'interface objects confuse the planner', world: 'behind', document: '{ parcels { ... on Game { stars postage } } }' },
  { name: 'interface objects confuse the planner', world: 'behind', document: '{ hits { ... on Game { postage worth } ... on Book { label next { ... on Game { postage } } } } }' },
  { name: 'interface objects confuse the planner', world: 'behind', document: '{ favourite { offers { media { year } } worth __typename } }' },
  { name: 'a change is made twice', world: 'changes', document: 'mutation { add multiply add @skip(if: false) }' },
  { name: 'a change is made twice', world: 'changes', document: 'mutation($on: Boolean!) { add multiply ...More @include(if: $on) } fragment More on Mutation { add }', variables: { on: true } },
  { name: 'an error is told of a neighbour', world: 'nulls', document: '{ things { choice { ... on Thing { farHard } } } }' },
];

describe('what Apollo answers otherwise than one server would', () => {
  it.each(FAULTS)('$name: $document', async ({ name, world, document, variables = {} }) => {
    const trial = trials.get(world)!;
    const question = { document, variables };
    const fault = await trial.apolloFault(question);
    expect(fault).not.toBeNull();
    expect(explanations(trial.opened, question, fault!).map((each) => each.name)).toContain(name);
    expect(await trial.fault(question)).toBeNull();
  });

  it('is named for a reason that holds', () => {
    expect(new Set(EXPLAINED.map(({ name }) => name)).size).toBe(EXPLAINED.length);
  });
});

describe('a plan is executed as it should be', () => {
  it('two requirements of one field with different arguments each get their own, beside the client\'s', async () => {
    const { data } = await answer('shop', '{ product(upc: "2") { price(currency: "CHF") name shipping shippingEuro shouted plain } }');
    expect(data).toEqual({ product: { price: 20, name: 'Product 2', shipping: 22, shippingEuro: 44, shouted: 'PRODUCT 2!', plain: 'Product 2' } });
  });

  it('a field that is named like a key by a client leaves the key alone', async () => {
    const { data } = await answer('shop', '{ product(upc: "2") { upc: title sku: weight brand: cost stock shelf { row } } }');
    expect(data).toEqual({ product: { upc: 'Product 2', sku: 2, brand: { minor: 1 }, stock: 1, shelf: { row: 1 } } });
  });

  it('null under a non-null place travels up with the exact path, list indices included', async () => {
    const { data, errors } = await answer('nulls', '{ things { id thereHard } thing(id: "3") { numbers } }');
    expect(data).toEqual({ things: [{ id: '1', thereHard: 'hard 1' }, null, null, { id: '3', thereHard: 'hard 3' }, { id: '4', thereHard: 'hard 4' }], thing: null });
    expect(errors?.map(({ path }) => path)).toEqual(expect.arrayContaining([['things', 2, 'thereHard'], ['thing', 'numbers', 1]]));
  });

  it('an entity that nobody knows any more is missing there alone', async () => {
    const { data, errors } = await answer('nulls', '{ thingsHard { id far fragileToo(n: 9) } }');
    expect((data!.thingsHard as { far: string | null; fragileToo: number | null }[]).map(({ far, fragileToo }) => [far, fragileToo])).toEqual([['far 1', 9], ['far 2', null], [null, 9], ['far 4', 9]]);
    expect(errors).toBeUndefined();
  });

  it('an entity whose key is null is asked of nobody', async () => {
    const { data } = await answer('keys', '{ books { upc author { name } } }');
    expect((data!.books as { author: unknown }[])[1]!.author).toBeNull();
    expect(trials.get('keys')!.opened.asked.filter(({ subgraph }) => subgraph === 'c')).toHaveLength(1);
  });

  it('mutations run one after the other, across subgraphs', async () => {
    const { data } = await answer('changes', 'mutation { one: add(by: 2) two: multiply(by: 5) three: add(by: 1) four: multiply(by: 10) }');
    expect(data).toEqual({ one: 3, two: 15, three: 16, four: 160 });
  });

  it('a change that is asked for in several places, some of them on a condition, is made once, in the first that is wanted', async () => {
    const document = 'mutation($on: Boolean!) { add(by: 2) @include(if: $on) multiply(by: 3) ...More } fragment More on Mutation { add(by: 2) }';
    expect((await answer('changes', document, { on: true })).data).toEqual({ add: 3, multiply: 9 });
    expect((await answer('changes', document, { on: false })).data).toEqual({ multiply: 3, add: 5 });
    const made = 'mutation($on: Boolean!) { addProduct(input: { name: "new" }) { id } multiply ... @include(if: $on) { addProduct(input: { name: "new" }) { isCheap } } }';
    expect((await answer('changes', made, { on: true })).data).toEqual({ addProduct: { id: 'new 2', isCheap: false }, multiply: 4 });
  });

  it('a change cannot be deferred', async () => {
    const { data, errors } = await trials.get('changes')!.ours.answer({ document: 'mutation { add multiply ...More @defer } fragment More on Mutation { add }', variables: {} });
    expect(data).toBeUndefined();
    expect(errors?.[0]?.message).toBe('GRAPHQL_VALIDATION_FAILED: Fields of Mutation cannot be deferred.');
  });

  it('variables are coerced with the defaults of the client and of the schema', async () => {
    const { data } = await answer('shares', 'query($first: Int! = 1, $kind: Kind, $text: String! = "mine") { echo(input: { first: $first, kind: $kind }, text: $text) usersB(filter: { kind: ADMIN }) { name } }');
    expect(data).toEqual({ echo: '{"input":{"first":1,"kind":"REGULAR"},"text":"mine"}', usersB: [{ name: 'User 1' }, null] });
  });

  it('arguments come from the object above that the context names', async () => {
    const { data } = await answer('contexts', '{ tenants { users { price(of: 2) age } } region { best { price } } labelled { rows { text } } }');
    expect(data).toMatchObject({ tenants: [{ users: [{ price: '2 EUR', age: 20 }] }, { users: [{ price: '2 USD', age: 22 }] }], region: { best: { price: '1 CHF' } }, labelled: [{ rows: [{ text: 'text in code1' }] }, { rows: [{ text: 'text in null' }] }, { rows: [{ text: 'text in code3' }] }] });
  });

  it('a label that is on moves its field, one that is off leaves it', async () => {
    await answer('moved', '{ posts { score likes } }');
    const { asked } = trials.get('moved')!.opened;
    const fieldsOf = (name: string) => asked.filter(({ subgraph }) => subgraph === name).map(({ document }) => document).join(' ');
    expect(fieldsOf('fresh')).toMatch(/score/);
    expect(fieldsOf('old')).toMatch(/likes/);
    expect(fieldsOf('old')).not.toMatch(/score/);
  });

  it('an interface object gives its fields to whatever implements the interface', async () => {
    const { data } = await answer('objects', '{ topRated { __typename label stars ... on Game { year } } offers { media { __typename title worth } } }');
    expect((data!.topRated as { __typename: string }[]).map(({ __typename }) => __typename)).toEqual(['Album', 'Game', 'Book']);
  });

  it('what is inaccessible cannot be asked for', async () => {
    const refused = await trials.get('shares')!.ours.answer({ document: '{ users { hidden } }', variables: {} });
    expect(refused.data).toBeUndefined();
    expect(refused.errors?.[0]?.message).toMatch(/Cannot query field "hidden"/);
  });
});
