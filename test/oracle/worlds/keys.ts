/** Keys that are null, that may not be used to enter, that chain from subgraph to subgraph; entities inside value types. */
import type { Row, World } from '../world.ts';

const a = `
  type Query { books: [Book], link: Link, mash: Mash }
  type Book @key(fields: "upc") { upc: ID!, lender: Lender }
  type Link @key(fields: "id") { id: ID!, target: Target, boxes: [Box!] }
  type Target @key(fields: "x") { x: ID!, note: String }
  type Mash @key(fields: "id") @key(fields: "pid", resolvable: false) @key(fields: "composite { one two }", resolvable: false) @key(fields: "id composite { two three }", resolvable: false) {
    id: ID!
    pid: ID!
    composite: Composite!
    name: String!
  }
  type Composite @shareable { one: ID!, two: ID!, three: ID! }
  type Lender { name: String, of: Book }
  type Box @shareable { label: String, thing: Target }
`;
const b = `
  type Query { entry: [Entry!]!, boxes: [Box] }
  type Book @key(fields: "id") @key(fields: "upc") { id: ID, upc: ID! }
  type Target @key(fields: "x") @key(fields: "y") { x: ID!, y: ID, deep: [Target] }
  type Entry @key(fields: "id") { id: ID!, mashes: [Mash!]!, sealed: Sealed }
  type Mash @key(fields: "composite { one two }", resolvable: false) @key(fields: "id composite { two three }") @key(fields: "pid", resolvable: false) @key(fields: "id", resolvable: false) {
    id: ID!
    pid: ID!
    composite: Composite!
    name: String! @external
    named: String! @requires(fields: "name")
    only: Int
  }
  type Composite @shareable { one: ID!, two: ID!, three: ID! }
  type Sealed @key(fields: "id", resolvable: false) { id: ID! }
  type Box @shareable { label: String, thing: Target }
`;
const c = `
  type Query { authors: [Author] }
  type Book @key(fields: "id") { id: ID, author: Author }
  type Author { name: String!, age: Int }
  type Target @key(fields: "y") { y: ID, far: String!, soft: String }
  type Sealed @key(fields: "id") { id: ID!, secret: String, entry: Entry }
  type Entry @key(fields: "id") { id: ID!, opened: Boolean! }
`;
const lists = `
  type Query { carts: [Cart!]! }
  type Cart @key(fields: "lines { sku amount }") { lines: [Line!]!, owner: String }
  type Line @shareable { sku: ID!, amount: Int! }
`;
const totals = `
  type Query { bestCart: Cart }
  type Cart @key(fields: "lines { sku amount }") { lines: [Line!]!, total: Int!, again: Cart }
  type Line @shareable { sku: ID!, amount: Int! }
`;

function data() {
  const books: Row[] = ['1', '2', '3', '4'].map((n, at) => ({ __typename: 'Book', upc: `u${n}`, id: at === 1 ? null : n, author: at === 3 ? null : { __typename: 'Author', name: `Author ${n}`, age: at } }));
  books.forEach((book, n) => Object.assign(book, { lender: n === 2 ? null : { __typename: 'Lender', name: `Lender ${n}`, of: books[(n + 1) % 4] } }));
  const targets: Row[] = ['1', '2', '3'].map((n, at) => ({ __typename: 'Target', id: `t${n}`, x: `x${n}`, y: at === 1 ? null : `y${n}`, note: `note ${n}`, soft: `soft ${n}`, far: `far ${n}` }));
  targets.forEach((target, n) => Object.assign(target, { deep: [targets[(n + 1) % 3], null, targets[(n + 2) % 3]] }));
  const mashes: Row[] = ['1', '2'].map((n) => ({ __typename: 'Mash', id: n, pid: `p${n}`, composite: { __typename: 'Composite', one: `one${n}`, two: `two${n}`, three: `three${n}` }, name: `Mash ${n}`, only: Number(n) }));
  const entries: Row[] = ['1', '2'].map((n) => ({ __typename: 'Entry', id: n, mashes: n === '1' ? mashes : [], opened: n === '1' }));
  const sealed: Row[] = ['1'].map((n) => ({ __typename: 'Sealed', id: n, secret: 'secret', entry: entries[1] }));
  Object.assign(entries[0]!, { sealed: sealed[0] });
  const boxes: Row[] = [{ __typename: 'Box', label: 'one', thing: targets[0] }, { __typename: 'Box', label: null, thing: null }, { __typename: 'Box', label: 'three', thing: targets[2] }];
  const carts: Row[] = [[1, 2], [3], []].map((amounts, at) => ({ __typename: 'Cart', lines: amounts.map((amount) => ({ __typename: 'Line', sku: `s${at}`, amount })), owner: `owner ${at}`, total: amounts.reduce((sum, each) => sum + each, 0) }));
  carts.forEach((cart, n) => Object.assign(cart, { again: carts[(n + 1) % 2] }));
  return { entities: { Book: books, Target: targets, Mash: mashes, Entry: entries, Sealed: sealed, Link: [{ __typename: 'Link', id: 'l', target: targets[1], boxes }], Cart: carts }, boxes };
}

export const keys: World = {
  name: 'keys',
  about: 'null keys, keys that are not resolvable, chains of keys, keys of nested lists',
  subgraphs: { a, b, c, lists, totals },
  data,
  fields: {
    'Query.books': (_, __, given) => given.data.entities.Book,
    'Query.link': (_, __, given) => given.data.entities.Link![0],
    'Query.mash': (_, __, given) => given.data.entities.Mash![0],
    'Query.entry': (_, __, given) => given.data.entities.Entry,
    'Query.boxes': (_, __, given) => [...given.data.boxes as Row[], null],
    'Query.authors': (_, __, given) => given.data.entities.Book!.map((book) => book.author),
    'Query.carts': (_, __, given) => given.data.entities.Cart!.slice(0, 2),
    'Query.bestCart': (_, __, given) => given.data.entities.Cart![1],
    'Mash.named': (_, __, { needs }) => `named ${String(needs.name)}`,
  },
  // What stands behind a null key cannot be reached by anyone who enters with it.
  monolith: {
    'Book.author': (self) => (self.id === null ? null : self.author),
    'Target.far': (self) => (self.y === null ? null : self.far),
    'Target.soft': (self) => (self.y === null ? null : self.soft),
  },
};
