/** What several subgraphs share: root fields, value types with different fields, enums and inputs that only meet, and what is hidden. */
import type { Row, World } from '../world.ts';

const a = `
  type Query {
    product: Product! @shareable
    products: [Product!]! @shareable
    users(type: Kind, filter: Filter): [User!]
    byKind(kinds: [Kind!]! = [ADMIN]): String
    secretive: Visible @inaccessible
    accounts: [Account!]
    everyone: [Everyone!]
    echo(input: Filter, list: [Filter!], text: String! = "dflt", when: Date): String
  }
  scalar Date
  type Product @shareable { id: ID!, name: Name @shareable, category: Category, about: About }
  type Name @shareable { brand: String, model: String }
  type About @shareable { text: String, deep: Deep }
  type Deep @shareable { x: Int }
  type Category @key(fields: "id") { id: ID!, name: String }
  type User @key(fields: "id") { id: ID!, type: Kind @shareable, hidden: String @inaccessible, when: Date, friend: Account }
  type Admin { id: ID!, name: String, similar: [Account!] }
  union Account = User | Admin
  interface Everyone { id: ID! }
  type Guest implements Everyone { id: ID!, visits: Int }
  type Spy implements Everyone @inaccessible { id: ID! }
  type Visible { a: Int }
  enum Kind { ADMIN REGULAR GHOST @inaccessible }
  input Filter { first: Int! = 2, after: String, secret: Int, kind: Kind = REGULAR }
`;
const b = `
  type Query {
    product: Product! @shareable
    products: [Product!]! @shareable
    usersB(filter: Filter!): [User]
    categories: [Category] @provides(fields: "main { sub { name } }")
  }
  type Product @shareable { id: ID!, price: Price, about: About }
  type Price { amount: Int, currency: String }
  type About @shareable { deep: Deep, also: String }
  type Deep @shareable { y: Int }
  type User @key(fields: "id") { id: ID!, name: String, type: Kind @shareable, account: Account }
  type Admin { id: ID!, photo: String }
  union Account = User | Admin
  enum Kind { ADMIN REGULAR GHOST }
  input Filter { first: Int! = 2, kind: Kind = REGULAR, after: String }
  type Category @key(fields: "id") { id: ID!, main: Sub }
  type Sub @shareable { sub: Leaf, id: ID! }
  type Leaf @key(fields: "id") { id: ID!, name: String @external }
`.replaceAll('type Admin { id: ID!, photo: String }\n', '').replace('union Account = User | Admin\n', 'union Account = User\n');
const c = `
  type Query { product: Product! @shareable, products: [Product!]! @shareable, leaves: [Leaf!]! }
  type Product @shareable { id: ID!, name: Name, about: About, leaf: Leaf }
  type Name @shareable { model: String, maker: String }
  type About @shareable { text: String, also: String }
  type Leaf @key(fields: "id") { id: ID!, name: String @shareable, size: Int! }
  type Category @key(fields: "id") { id: ID!, main: Sub @shareable }
  type Sub @shareable { sub: Leaf, id: ID! }
`.replace('main: Sub @shareable', 'tail: Sub');

const product = (): Row => ({
  __typename: 'Product', id: 'p', name: { __typename: 'Name', brand: 'Brand', model: null, maker: 'Maker' }, category: { __typename: 'Category', id: 'c1' }, price: { __typename: 'Price', amount: 3, currency: null },
  about: { __typename: 'About', text: 'text', also: 'also', deep: { __typename: 'Deep', x: 1, y: 2 } },
});

function data() {
  const leaves: Row[] = ['1', '2'].map((id, n) => ({ __typename: 'Leaf', id, name: n ? null : 'Leaf', size: n }));
  const categories: Row[] = ['c1', 'c2'].map((id, n) => ({ __typename: 'Category', id, name: `Category ${n}`, main: n ? null : { __typename: 'Sub', id: 's1', sub: leaves[0] }, tail: { __typename: 'Sub', id: 's2', sub: leaves[1] } }));
  const users: Row[] = ['1', '2', '3'].map((id, n) => ({ __typename: 'User', id, type: n ? 'REGULAR' : 'ADMIN', hidden: 'hidden', when: '2020-01-01', name: n === 1 ? null : `User ${id}` }));
  const admin: Row = { __typename: 'Admin', id: 'a', name: 'Admin', similar: users };
  users.forEach((user, n) => Object.assign(user, { friend: n ? admin : users[1], account: users[(n + 1) % 3] }));
  const shown = { ...product(), category: categories[0], leaf: leaves[0] };
  return { entities: { Leaf: leaves, Category: categories, User: users }, shown, accounts: [...users, admin] };
}

const told = (value: unknown): string => JSON.stringify(value ?? null);

export const shares: World = {
  name: 'shares',
  about: 'shared root fields and value types, enums and inputs that intersect, what is inaccessible',
  subgraphs: { a, b, c },
  data,
  fields: {
    'Query.product': (_, __, given) => given.data.shown,
    'Query.products': (_, __, given) => [given.data.shown, { ...given.data.shown as Row, id: 'q', category: null, price: null, about: null }],
    'Query.users': (_, { type, filter }, given) => given.data.entities.User!.filter((user) => !type || user.type === type).slice(0, filter?.first ?? 3),
    'Query.usersB': (_, { filter }, given) => [...given.data.entities.User!.filter((user) => user.type === filter.kind), null],
    'Query.byKind': (_, { kinds }) => told(kinds),
    'Query.categories': (_, __, given) => given.data.entities.Category,
    'Query.accounts': (_, __, given) => given.data.accounts,
    'Query.everyone': () => [{ __typename: 'Guest', id: 'g', visits: 3 }],
    'Query.echo': (_, args) => told(args),
    'Query.leaves': (_, __, given) => given.data.entities.Leaf,
  },
};
