/** `@interfaceObject`: fields given to all that implement an interface by a subgraph that knows none of them. */
import type { Row, World } from '../world.ts';

const catalog = `
  type Query { media: [Media], first: Media!, albums: [Album!], node(id: ID!): Media }
  interface Media @key(fields: "id") { id: ID!, title: String, year: Int! }
  type Book implements Media @key(fields: "id") { id: ID!, title: String, year: Int!, pages: Int }
  type Album implements Media @key(fields: "id") { id: ID!, title: String, year: Int!, tracks: [String!] }
  type Game implements Media @key(fields: "id") { id: ID!, title: String, year: Int! }
`;
const ratings = `
  type Query { topRated: [Media!]!, ratings: [Rating!] }
  type Media @key(fields: "id") @interfaceObject {
    id: ID!
    stars(scale: Int = 5): Float
    title: String @external
    year: Int! @external
    label: String @requires(fields: "title")
    age: Int! @requires(fields: "year")
    ratings: [Rating!]
  }
  type Rating { by: String, media: Media, points: Int! }
`;
const shops = `
  type Query { offers: [Offer] }
  type Offer { price: Int, media: Media }
  type Media @key(fields: "id") @interfaceObject { id: ID!, stars(scale: Int = 5): Float @external, offers: [Offer!], worth: Float @requires(fields: "stars(scale: 10)"), cheap: Boolean! }
`;

function data() {
  const media: Row[] = [['Book', '1'], ['Album', '2'], ['Game', '3'], ['Book', '4']].map(([__typename, id], n) => ({ __typename, id, title: n === 2 ? null : `Title ${id}`, year: 2000 + n, pages: n, tracks: n === 1 ? ['a', 'b'] : null, points: n }));
  const ratings = media.map((one, n): Row => ({ __typename: 'Rating', by: n ? `by ${n}` : null, media: n === 3 ? null : one, points: n }));
  const offers = media.map((one, n): Row => ({ __typename: 'Offer', price: n, media: one }));
  media.forEach((one, n) => Object.assign(one, { ratings: n === 1 ? null : [ratings[n]], offers: n === 0 ? [] : [offers[n]], cheap: n > 1 }));
  const of = (type: string) => media.filter((each) => each.__typename === type);
  return { entities: { Book: of('Book'), Album: of('Album'), Game: of('Game') }, families: { Media: ['Book', 'Album', 'Game'] }, media, ratings, offers };
}

export const objects: World = {
  name: 'objects',
  about: 'interface objects with requires, entered from every side',
  modest: true,
  subgraphs: { catalog, ratings, shops },
  data,
  fields: {
    'Query.media': (_, __, given) => [...given.data.media as Row[], null],
    'Query.first': (_, __, given) => (given.data.media as Row[])[0],
    'Query.albums': (_, __, given) => given.data.entities.Album,
    'Query.node': (_, { id }, given) => (given.data.media as Row[]).find((each) => each.id === id) ?? null,
    'Query.topRated': (_, __, given) => (given.data.media as Row[]).slice(1),
    'Query.ratings': (_, __, given) => given.data.ratings,
    'Query.offers': (_, __, given) => [null, ...given.data.offers as Row[]],
    'Media.stars': (self, { scale }) => (self.id === '4' ? null : (self.points as number) * (scale ?? 1)),
    'Media.label': (_, __, { needs }) => `label of ${String(needs.title)}`,
    'Media.age': (_, __, { needs }) => 2030 - (needs.year as number),
    'Media.worth': (_, __, { needs }) => (needs.stars === null ? null : (needs.stars as number) + 0.5),
  },
};
