/** Mutations: one after another across subgraphs, each seeing what the one before did, each answering with entities of both. */
import type { Data, Row, World } from '../world.ts';

const a = `
  type Query { counter: Int!, product(id: ID!): Product }
  type Mutation { add(by: Int! = 1): Int!, addProduct(input: NewProduct!): Product!, failA(really: Boolean = true): Int, touch(id: ID!): Product, failHard(really: Boolean!): Int! }
  input NewProduct { name: String!, price: Float! = 9.5, tags: [String!], more: NewProduct }
  type Product @key(fields: "id") { id: ID!, name: String!, price: Float, tags: [String!], seen: Int! }
`;
const b = `
  type Query { log: [String!]! }
  type Mutation { multiply(by: Int = 2): Int!, failB: Product }
  type Product @key(fields: "id") { id: ID!, price: Float @external, isCheap: Boolean! @requires(fields: "price"), counted: Int! }
`;

const count = (data: Data, to: (now: number) => number): number => {
  data.counter = to(data.counter as number);
  return data.counter as number;
};

export const changes: World = {
  name: 'changes',
  about: 'mutations in order',
  subgraphs: { a, b },
  data: () => ({ entities: { Product: ['1', '2'].map((id) => ({ __typename: 'Product', id, name: `Product ${id}`, price: id === '2' ? null : 3, tags: [] })) }, counter: 1 }),
  fields: {
    'Query.counter': (_, __, given) => given.data.counter,
    'Query.product': (_, { id }, given) => given.data.entities.Product!.find((each) => each.id === id) ?? null,
    'Query.log': () => ['log'],
    'Mutation.add': (_, { by }, given) => count(given.data, (now) => now + by),
    'Mutation.multiply': (_, { by }, given) => count(given.data, (now) => now * (by ?? 1)),
    'Mutation.addProduct': (_, { input }, given) => {
      const made: Row = { __typename: 'Product', id: `new ${count(given.data, (now) => now + 1)}`, ...input };
      given.data.entities.Product!.push(made);
      return made;
    },
    'Mutation.failA': (_, { really }) => {
      if (really) throw new Error('failA is broken');
      return 1;
    },
    'Mutation.failHard': (_, { really }) => (really ? null : 1),
    'Mutation.failB': () => { throw new Error('failB is broken'); },
    'Mutation.touch': (_, { id }, given) => {
      count(given.data, (now) => now + 100);
      return given.data.entities.Product!.find((each) => each.id === id) ?? null;
    },
    'Product.seen': (self) => String(self.name).length,
    'Product.counted': (self) => String(self.id).length,
    'Product.isCheap': (_, __, { needs }) => (needs.price as number | null ?? 0) < 5,
  },
};
