/** Interfaces and unions that span subgraphs with different members, `@provides` on both, `node`, and circles through them. */
import type { Row, World } from '../world.ts';

const library = `
  type Query {
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    media: [Media!]
    search(text: String): [Hit]
    shelf: Shelf
    featured: Media! @provides(fields: "... on Book { title }")
    owners: [Owner!]
  }
  interface Node { id: ID! }
  interface Media { id: ID!, pages: Int, similar: [Media] }
  type Book implements Node & Media @key(fields: "id") { id: ID!, pages: Int, similar: [Media], isbn: String, author: Author, title: String @external }
  type Film implements Node & Media @key(fields: "id") { id: ID!, pages: Int, similar: [Media], minutes: Int!, cast: [Author!] }
  type Song implements Node @key(fields: "id") { id: ID!, tempo: Int }
  type Author implements Node @key(fields: "id") { id: ID!, name: String, wrote: [Media!]! }
  type Shelf { items: [Media], best: Hit @provides(fields: "... on Book { title }"), any: Node }
  union Hit = Book | Film | Author
  type Store @shareable { id: ID!, place: String }
  union Owner = Author | Store
`;

const titles = `
  type Query { titled: [Titled!], hit: Found, ratable(id: ID!): Rated }
  interface Titled { title: String, similarTitles(first: Int = 2): [Titled] }
  interface Rated { rating: Float, reviews: [Review!]! }
  type Book implements Titled & Rated @key(fields: "id") { id: ID!, title: String @shareable, similarTitles(first: Int = 2): [Titled], rating: Float, reviews: [Review!]! }
  type Film implements Titled @key(fields: "id") { id: ID!, title: String, similarTitles(first: Int = 2): [Titled] }
  type Song implements Titled & Rated @key(fields: "id") { id: ID!, title: String, similarTitles(first: Int = 2): [Titled], rating: Float, reviews: [Review!]! }
  type Review { text: String, about: Found!, by: Author }
  type Author @key(fields: "id") { id: ID!, quote: String!, favourite: Found }
  union Found = Book | Song | Film
`;

const facts = `
  type Query { facts: [Fact] }
  interface Node { id: ID! }
  interface Fact { about: Node, digest: String }
  type Trivia implements Fact { about: Node, digest: String, level: Int }
  type Record implements Fact & Node @key(fields: "id") { id: ID!, about: Node, digest: String }
  type Book implements Node @key(fields: "id") {
    id: ID!
    author: Author @external
    similar: [Media] @external
    blurb: String @requires(fields: "author { name wrote { id ... on Book { isbn } ... on Film { minutes } } }")
    like: String @requires(fields: "similar { __typename id ... on Book { isbn } }")
    inspired: [Fact!]
  }
  interface Media { id: ID! }
  type Film implements Node & Media @key(fields: "id") { id: ID!, minutes: Int! @external, length: String @requires(fields: "minutes") }
  type Author implements Node @key(fields: "id") { id: ID!, name: String @external, wrote: [Media!]! @external }
  extend type Book implements Media { isbn: String @external }
`;

const row = (__typename: string, id: string, more: object = {}): Row => ({ __typename, id, ...more });

function data() {
  const books = ['1', '2', '3'].map((n) => row('Book', `b${n}`, { pages: n === '2' ? null : Number(n) * 100, isbn: n === '3' ? null : `isbn${n}`, title: n === '2' ? null : `Book ${n}`, rating: Number(n) / 2 }));
  const films = ['1', '2'].map((n) => row('Film', `f${n}`, { pages: null, minutes: Number(n) * 60, title: `Film ${n}` }));
  const songs = ['1', '2'].map((n) => row('Song', `s${n}`, { tempo: Number(n) * 90, title: `Song ${n}`, rating: null }));
  const authors = ['1', '2'].map((n) => row('Author', `a${n}`, { name: n === '1' ? 'Ann' : null, quote: `quote ${n}` }));
  const [all, named] = [[...books, ...films], [...books, ...films, ...songs]];
  books.forEach((book, n) => Object.assign(book, { author: n === 2 ? null : authors[n], similar: [films[0], books[(n + 1) % 3], null] }));
  films.forEach((film, n) => Object.assign(film, { cast: n === 0 ? [authors[1], authors[0]] : null, similar: n === 0 ? null : [books[0], films[0]] }));
  authors.forEach((author, n) => Object.assign(author, { wrote: n === 0 ? [books[0], films[1]] : [], favourite: n === 0 ? songs[0] : null }));
  named.forEach((one, n) => Object.assign(one, { similarTitles: [named[(n + 3) % 7], null, named[(n + 4) % 7]], reviews: [{ __typename: 'Review', text: `on ${String(one.id)}`, about: named[(n + 1) % 7], by: authors[n % 2] }] }));
  const records: Row[] = [row('Record', 'r1', { about: books[0], digest: 'record' })];
  books.forEach((book, n) => Object.assign(book, { inspired: n === 1 ? [] : [records[0], row('Trivia', 't', { about: films[0], digest: null, level: n })] }));
  return { entities: { Book: books, Film: films, Song: songs, Author: authors, Record: records }, all, named, stores: [row('Store', 'x', { place: 'here' })] };
}

const nodes = (entities: Record<string, Row[]>) => Object.values(entities).flat().filter((each) => each.__typename !== 'Record');
const found = (entities: Record<string, Row[]>, id: unknown) => nodes(entities).find((each) => each.id === ({ 1: 'b1', 2: 'f1', 3: 's1', 4: 'a2' } as Record<string, string>)[String(id)]) ?? null;

export const media: World = {
  name: 'media',
  about: 'interfaces and unions across subgraphs with different members, provides on them, requires with fragments',
  subgraphs: { library, titles, facts },
  data,
  fields: {
    'Query.node': (_, { id }, given) => found(given.data.entities, id),
    'Query.nodes': (_, { ids }, given) => ids.map((id: string) => found(given.data.entities, id)),
    'Query.media': (_, __, given) => given.data.all,
    'Query.search': (_, __, given) => [...given.data.all as Row[], null, ...given.data.entities.Author!],
    'Query.shelf': (_, __, given) => ({ __typename: 'Shelf', items: [...given.data.all as Row[], null], best: given.data.entities.Book![0], any: given.data.entities.Song![0] }),
    'Query.featured': (_, __, given) => given.data.entities.Book![0],
    'Query.owners': (_, __, given) => [given.data.entities.Author![0], (given.data.stores as Row[])[0]],
    'Query.titled': (_, __, given) => given.data.named,
    'Query.hit': (_, __, given) => given.data.entities.Song![0],
    'Query.ratable': (_, { id }, given) => [...given.data.entities.Book!, ...given.data.entities.Song!].find((each) => String(each.id).endsWith(id)) ?? null,
    'Query.facts': (_, __, given) => [given.data.entities.Record![0], row('Trivia', 't', { about: given.data.entities.Film![0], digest: 'trivia', level: 1 }), null],
    'Titled.similarTitles': (self, { first }) => (self.similarTitles as Row[]).slice(0, first ?? 3),
    'Book.blurb': (_, __, { needs }) => JSON.stringify(needs.author ?? null),
    'Book.like': (_, __, { needs }) => JSON.stringify(needs.similar ?? null),
    'Film.length': (_, __, { needs }) => `${String(needs.minutes)} minutes`,
  },
};
