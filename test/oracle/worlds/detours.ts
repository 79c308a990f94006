/** What is reached by detours: requirements in a circle of subgraphs, an overridden field that others require, an object whose type only a third subgraph knows. */
import type { Row, World } from '../world.ts';

const feed = `
  type Query { feed: [Post], clip: Media, library: [Media!] }
  type Post @key(fields: "id") {
    id: ID!
    byNovice: Boolean! @external
    byExpert: Boolean! @requires(fields: "byNovice")
    authorId: ID @external
    author: Author @requires(fields: "authorId")
    title: String
  }
  type Author @key(fields: "id") { id: ID!, name: String, years: Int! }
  interface Media @key(fields: "id") { id: ID!, title: String }
  type Video implements Media @key(fields: "id") { id: ID!, title: String, length: Int }
  type Article implements Media @key(fields: "id") { id: ID!, title: String, words: Int }
`;
const posts = `
  type Query { postings: Int, stream: [Post] }
  type Post @key(fields: "id") {
    id: ID!
    authorId: ID
    mood: String @override(from: "moods")
    author: Author @external
    byNovice: Boolean! @requires(fields: "author { years }")
  }
  type Author @key(fields: "id") { id: ID!, years: Int! @external }
  type Video @key(fields: "id") { id: ID!, credit: String, part: Article }
  type Article @key(fields: "id") { id: ID! }
`;
const moods = `
  type Query { moody: [Post], playlist: Playlist }
  type Post @key(fields: "id") { id: ID!, mood: String }
  type Playlist @key(fields: "id") { id: ID!, name: String, media: Media, more: [Media] }
  type Media @key(fields: "id") @interfaceObject { id: ID! }
`;
const colours = `
  type Query { colours: [String!] }
  type Post @key(fields: "id") { id: ID!, mood: String @external, colour: String @requires(fields: "mood") }
`;

function data() {
  const authors: Row[] = ['1', '2'].map((id, n) => ({ __typename: 'Author', id, name: n ? null : `Author ${id}`, years: n * 7 }));
  const media: Row[] = [['Video', '1'], ['Article', '2'], ['Video', '3']].map(([__typename, id], n) => ({ __typename, id, title: n ? `Title ${id}` : null, length: n, words: n * 100, credit: `credit ${id}` }));
  media.forEach((one) => Object.assign(one, { part: one.id === '1' ? media[1] : null }));
  const all: Row[] = ['1', '2', '3'].map((id, n) => ({ __typename: 'Post', id, title: `Post ${id}`, mood: n === 1 ? null : `mood ${id}`, authorId: authors[n % 2]!.id }));
  all.forEach((post, n) => Object.assign(post, { author: authors[n % 2] }));
  const playlist: Row = { __typename: 'Playlist', id: 'p', name: 'list', media: media[0], more: [media[1], null, media[2]] };
  const of = (type: string) => media.filter((each) => each.__typename === type);
  return { entities: { Author: authors, Post: all, Video: of('Video'), Article: of('Article'), Playlist: [playlist] }, families: { Media: ['Video', 'Article'] }, media };
}

export const detours: World = {
  name: 'detours',
  about: 'requirements in circles, overridden fields that are required, types that a third subgraph knows',
  modest: true,
  subgraphs: { feed, posts, moods, colours },
  data,
  fields: {
    'Query.feed': (_, __, given) => [...given.data.entities.Post!, null],
    'Query.postings': () => 3,
    'Query.stream': (_, __, given) => given.data.entities.Post,
    'Query.moody': (_, __, given) => given.data.entities.Post!.slice(1),
    'Query.clip': (_, __, given) => (given.data.media as Row[])[2],
    'Query.library': (_, __, given) => given.data.media,
    'Query.playlist': (_, __, given) => given.data.entities.Playlist![0],
    'Query.colours': () => ['red'],
    'Post.author': (_, __, { needs, data: { entities } }) => entities.Author!.find((each) => each.id === needs.authorId) ?? null,
    'Post.byNovice': (_, __, { needs }) => ((needs.author as Row).years as number) < 5,
    'Post.byExpert': (_, __, { needs }) => !needs.byNovice,
    'Post.colour': (_, __, { needs }) => (needs.mood === null ? null : `colour of ${needs.mood as string}`),
  },
};
