/** A directive that every service defines is part of the graph: what a client puts on a query reaches whoever can read it. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openWorld, type World } from '../../test/kit/subgraphs.ts';

const TRACE = 'directive @trace(tag: String) on FIELD | QUERY\n';
let world: World;
beforeAll(async () => {
  const one = { __resolveReference: (it: object) => it };
  world = await openWorld({
    left: { sdl: `${TRACE} type Query { it: It other: Other } type Mutation { one: Int } type It @key(fields: "id") { id: ID! } type Other @key(fields: "id") { id: ID! }`, resolvers: { Query: { it: () => ({ id: '1' }), other: () => ({ id: '2' }) }, Mutation: { one: () => 1 }, It: one, Other: one } },
    right: { sdl: `${TRACE} type Mutation { two: Int } type It @key(fields: "id") { id: ID! name: String } type Other @key(fields: "id") { id: ID! size: Int }`, resolvers: { Mutation: { two: () => 2 }, It: { ...one, name: () => 'one' }, Other: { ...one, size: () => 2 } } },
  });
});
afterAll(() => world?.stop());

it.each([
  ['on a field', 'query { it { name @trace(tag: "a") } }', [/name\s*@trace\(tag:\s*"a"\)/]],
  ['on the operation, with a variable', 'query($tag: String) @trace(tag: $tag) { it { name } }', [/^query[^{]*@trace\(tag:\s*\$tag\)/]],
  ['on the operation, where two fetches travel as one', 'query($tag: String) @trace(tag: $tag) { it { name } other { size } }', [/^query[^{]*@trace\(tag:\s*\$tag\)/, /size/]],
])('reaches the service that answers: %s', async (_, query, expected) => {
  world.asked.length = 0;
  const { data, errors } = await world.ask(query, { variables: { tag: 'b' } });
  expect([errors, data]).toEqual([undefined, expect.objectContaining({ it: { name: 'one' } })]);
  const [there, ...more] = world.asked.filter(({ service }) => service === 'right');
  expect(more).toEqual([]);
  for (const each of expected) expect(there!.document).toMatch(each);
  if (query.includes('$tag')) expect(there!.variables).toMatchObject({ tag: 'b' });
});

it('does not make another change of one that stands in two places', async () => {
  world.asked.length = 0;
  const { data } = await world.ask('mutation { one two one @trace(tag: "a") }');
  expect(data).toEqual({ one: 1, two: 2 });
  expect(world.asked.map(({ service }) => service)).toEqual(['left', 'right']);
  expect(world.asked[0]!.document).toMatch(/one\s*@trace\(tag:\s*"a"\)/);
});

it('is refused where it does not belong', async () => {
  await expect(world.ask('query { ...F } fragment F on Query @trace { it { id } }')).rejects.toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
});
