/** Whatever a plan is made of, a service gets the fields that it knows, with the arguments that were required. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { anonymous } from '../../platform/viewer.ts';
import { openWorld, type World } from '../../test/kit/subgraphs.ts';
import type { InParts } from '../executor.ts';

const prices: Record<string, number> = { USD: 1, EUR: 2, CHF: 3 };
let world: World;
beforeAll(async () => {
  world = await openWorld({
    goods: {
      sdl: 'type Query { good: Good } type Good @key(fields: "id") { id: ID! name: String price(currency: String = "USD"): Int }',
      resolvers: { Query: { good: () => ({ id: '1' }) }, Good: { __resolveReference: (it: object) => it, name: () => 'Table', price: (_: unknown, { currency }: { currency: string }) => prices[currency] } },
    },
    tax: {
      sdl: `type Good @key(fields: "id") {
        id: ID! price(currency: String = "USD"): Int @external
        euro: Int @requires(fields: "price(currency: \\"EUR\\")") dollar: Int @requires(fields: "price") maker: Maker @requires(fields: "price")
      }
      type Maker @key(fields: "id") { id: ID! }`,
      resolvers: { Good: { __resolveReference: (it: object) => it, euro: ({ price }: { price: number }) => price, dollar: ({ price }: { price: number }) => price, maker: ({ price }: { price: number }) => ({ id: `m${price}` }) } },
    },
    makers: { sdl: 'type Maker @key(fields: "id") { id: ID! motto: String }', resolvers: { Maker: { __resolveReference: (it: object) => it, motto: ({ id }: { id: string }) => `of ${id}` } } },
  });
});
afterAll(() => world?.stop());

it.each([
  ['all that requires is', '{ good { name ... @defer { euro dollar price(currency: "CHF") } } }', { euro: 2, dollar: 1, price: 3 }],
  ['a part of it is', '{ good { euro ... @defer { name dollar } } }', { name: 'Table', dollar: 1 }],
  ['what follows from it is', '{ good { euro dollar maker { id } ... @defer { maker { motto } } } }', { maker: { motto: 'of m1' } }],
])('requirements keep their arguments where %s deferred', async (_, query, expected) => {
  const parts: InParts[] = [];
  for await (const part of world.engine.answerInParts(await world.engine.prepare(query, null), { variables: {}, caller: { viewer: anonymous } })) parts.push(part);
  const later = parts.flatMap((part) => ('parts' in part ? part.parts : []));
  expect(later).toEqual([expect.objectContaining({ path: ['good'], data: expected })]);
  expect(later[0]).not.toHaveProperty('errors');
});
