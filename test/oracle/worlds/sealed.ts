/** Interfaces and interface objects whose keys are references only: who they are is asked elsewhere, never where such a key stands. */
import type { Row, World } from '../world.ts';

const types = `
  type Query { products: [Product], first: Product }
  interface Product @key(fields: "id") { id: ID!, name: String }
  type Bread implements Product @key(fields: "id") { id: ID!, name: String, grain: Int }
  type Cake implements Product @key(fields: "id") { id: ID!, name: String, layers: [Int!] }
`;
const shelves = `
  type Query { shelf: [Product!], top: Spot }
  type Product @key(fields: "id", resolvable: false) @interfaceObject { id: ID! }
  type Spot { row: Int, holds: Product }
`;
const makers = `
  type Query { made: [Product], maker: Maker }
  interface Product @key(fields: "id", resolvable: false) { id: ID! }
  type Bread implements Product @key(fields: "id") { id: ID!, maker: Maker }
  type Cake implements Product @key(fields: "id") { id: ID!, maker: Maker, candles: Int! }
  type Maker @key(fields: "id") { id: ID!, best: Product }
`;
const prices = `
  type Query { sold: [Product] }
  type Product @key(fields: "id") @interfaceObject { id: ID!, price: Int }
  type Maker @key(fields: "id", resolvable: false) { id: ID! }
`;

function data() {
  const products: Row[] = [['Bread', '1'], ['Cake', '2'], ['Cake', '3'], ['Bread', '4']].map(([__typename, id], n) => ({ __typename, id, name: n === 2 ? null : `Name ${id}`, grain: n, layers: n === 1 ? [1, 2] : null, candles: n, price: n === 3 ? null : n * 2 }));
  const makers: Row[] = ['m1', 'm2'].map((id, n) => ({ __typename: 'Maker', id, best: n ? null : products[1] }));
  products.forEach((one, n) => Object.assign(one, { maker: n === 0 ? null : makers[n % 2] }));
  const of = (type: string) => products.filter((each) => each.__typename === type);
  return { entities: { Bread: of('Bread'), Cake: of('Cake'), Maker: makers }, families: { Product: ['Bread', 'Cake'] }, products };
}

export const sealed: World = {
  name: 'sealed',
  about: 'interface keys and interface objects that are not resolvable',
  modest: true,
  subgraphs: { types, shelves, makers, prices },
  data,
  fields: {
    'Query.products': (_, __, given) => [null, ...given.data.products as Row[]],
    'Query.first': (_, __, given) => (given.data.products as Row[])[0],
    'Query.shelf': (_, __, given) => (given.data.products as Row[]).slice(1),
    'Query.top': (_, __, given) => ({ __typename: 'Spot', row: 1, holds: (given.data.products as Row[])[2] }),
    'Query.made': (_, __, given) => given.data.products,
    'Query.maker': (_, __, given) => given.data.entities.Maker![0],
    'Query.sold': (_, __, given) => [...given.data.products as Row[], null],
  },
};
