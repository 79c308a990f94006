/** SDL of the first federation: types that extend, keys and fields that are external with or without a reason, no `@link`. */
import type { Row, World } from '../world.ts';

const accounts = `
  type Query { me: User, everybody: [User] }
  type User @key(fields: "id") @key(fields: "email") { id: ID!, email: String!, name: String, nick: String, born: Born }
  type Born { year: Int }
`;
const reviews = `
  extend type Query { authors: [User] @provides(fields: "name"), latest: Review, plainAuthors: [User!] }
  type User @extends @key(fields: "id") {
    id: ID! @external
    name: String @external
    reviews: [Review!]
    rid: ID
    nick: String @external
    shout: String @requires(fields: "nick")
  }
  type Review @key(fields: "id") { id: ID!, text: String, author: User @provides(fields: "name"), product: Product }
  extend type Product @key(fields: "upc") {
    upc: String! @external
    price: Int @external
    weight: Int @external
    reviews: [Review]
    worth: Int @requires(fields: "price weight")
  }
`;
const catalog = `
  extend type Query { products: [Product], cheapest: Product! }
  type Product @key(fields: "upc") { upc: String!, price: Int, weight: Int, name: String, maker: User }
  extend type User @key(fields: "email") { email: String! @external, nick: String @external, owns: [Product] }
`;

function data() {
  const users: Row[] = ['1', '2', '3'].map((id, n) => ({ __typename: 'User', id, email: `${id}@a.test`, name: n === 1 ? null : `User ${id}`, nick: `nick ${id}`, rid: `r${id}`, born: n === 2 ? null : { __typename: 'Born', year: 1990 + n } }));
  const products: Row[] = ['a', 'b', 'c'].map((upc, n) => ({ __typename: 'Product', id: upc, upc, price: n === 1 ? null : n * 10, weight: n, name: `Product ${upc}`, maker: n === 2 ? null : users[n] }));
  const reviews: Row[] = ['x', 'y', 'z'].map((id, n) => ({ __typename: 'Review', id, text: `text ${id}`, author: users[n], product: n === 0 ? null : products[n] }));
  users.forEach((user, n) => Object.assign(user, { reviews: n === 1 ? [] : [reviews[n]], owns: n === 2 ? [null] : [products[n]] }));
  products.forEach((product, n) => Object.assign(product, { reviews: n === 2 ? null : [reviews[n], null] }));
  return { entities: { User: users, Product: products, Review: reviews } };
}

export const extending: World = {
  name: 'extends',
  about: 'the first federation: extends, external, keys that only reach one way',
  firstFederation: true,
  subgraphs: { accounts, reviews, catalog },
  data,
  fields: {
    'Query.me': (_, __, given) => given.data.entities.User![0],
    'Query.everybody': (_, __, given) => [...given.data.entities.User!, null],
    'Query.authors': (_, __, given) => given.data.entities.User,
    'Query.plainAuthors': (_, __, given) => given.data.entities.User,
    'Query.latest': (_, __, given) => given.data.entities.Review![1],
    'Query.products': (_, __, given) => given.data.entities.Product,
    'Query.cheapest': (_, __, given) => given.data.entities.Product![1],
    'User.shout': (_, __, { needs }) => (typeof needs.nick === 'string' ? `${needs.nick.toUpperCase()}!` : null),
    'Product.worth': (_, __, { needs }) => (needs.price === null || needs.weight === null ? null : (needs.price as number) * (needs.weight as number)),
  },
};
