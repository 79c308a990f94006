/** `@override`, plain and with labels, together with `@requires` and interfaces; mutations in order; and contexts. */
import type { Row, World } from '../world.ts';

const old = `
  type Query { posts: [Post!], feed: [Item] }
  interface Item { id: ID!, createdAt: String }
  type Post implements Item @key(fields: "id") { id: ID!, createdAt: String, body: String, score: Int, likes: Int!, plain: Int @shareable, later: String }
  type Image implements Item @key(fields: "id") { id: ID!, createdAt: String }
`;
const fresh = `
  type Query { latest: Post, images: [Image] }
  type Post @key(fields: "id") {
    id: ID!
    createdAt: String @override(from: "old")
    body: String @override(from: "old")
    score: Int @override(from: "old", label: "on-for-all")
    likes: Int! @override(from: "old", label: "off-for-all")
    mood: String @requires(fields: "later")
    later: String @external
  }
  type Image @key(fields: "id") { id: ID!, createdAt: String @override(from: "old"), alt: String }
`;
const extra = `
  type Query { gone: Post }
  type Post @key(fields: "id") { id: ID!, body: String @external, rank: String @requires(fields: "body"), comments: [Post!] }
`;

function data() {
  const posts: Row[] = ['1', '2', '3'].map((id, n) => ({ __typename: 'Post', id, createdAt: `2020-${id}`, body: n === 1 ? null : `body ${id}`, score: n, likes: n * 2, plain: n, later: `later ${id}` }));
  posts.forEach((post, n) => Object.assign(post, { comments: [posts[(n + 1) % 3]] }));
  return { entities: { Post: posts, Image: [{ __typename: 'Image', id: 'i', createdAt: '1999', alt: 'alt' }] } };
}

export const moved: World = {
  name: 'moved',
  about: 'fields that moved from one subgraph to another, for all or by label',
  subgraphs: { old, fresh, extra },
  data,
  labels: ['on-for-all'],
  fields: {
    'Query.posts': (_, __, given) => given.data.entities.Post,
    'Query.feed': (_, __, given) => [...given.data.entities.Post!, ...given.data.entities.Image!, null],
    'Query.latest': (_, __, given) => given.data.entities.Post![2],
    'Query.images': (_, __, given) => given.data.entities.Image,
    'Query.gone': () => null,
    'Post.mood': (_, __, { needs }) => `mood ${String(needs.later)}`,
    'Post.rank': (_, __, { needs }) => `rank ${String(needs.body)}`,
  },
};
