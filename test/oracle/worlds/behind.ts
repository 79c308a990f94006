/** What stands above and beside interface objects: an interface that they implement, unions of what they stand for, one object behind two of them. */
import type { Row, World } from '../world.ts';

const catalog = `
  type Query { node(id: ID!): Node, hits: [Hit], media: [Media], favourite: Media @shareable }
  interface Node { id: ID! }
  interface Media implements Node @key(fields: "id") { id: ID!, title: String, year: Int! }
  interface Item @key(fields: "id") { id: ID!, weight: Int }
  type Book implements Media & Node @key(fields: "id") { id: ID!, title: String, year: Int!, pages: Int, next: Hit }
  type Game implements Media & Node & Item @key(fields: "id") { id: ID!, title: String, year: Int!, weight: Int }
  type Shop implements Node @key(fields: "id") { id: ID!, name: String }
  type Box implements Item @key(fields: "id") { id: ID!, weight: Int, content: [Hit!] }
  union Hit = Book | Game | Shop
`;
const ratings = `
  type Query { things: [Node], rated: [Media], reviews: [Review!] }
  interface Node { id: ID! }
  type Media implements Node @key(fields: "id") @interfaceObject {
    id: ID!
    stars(scale: Int = 5): Float
    title: String @external
    year: Int! @external
    label: String @requires(fields: "title")
    age: Int! @requires(fields: "year")
    reviews: [Review!]
  }
  type Shop implements Node @key(fields: "id") { id: ID!, open: Boolean, shows: Node }
  type Review { text: String, of: Node, about: Media }
`;
const offers = `
  type Query { offers: [Offer], favourite: Media @shareable }
  type Media @key(fields: "id") @interfaceObject { id: ID!, stars(scale: Int = 5): Float @external, worth: Float @requires(fields: "stars(scale: 10)"), offers: [Offer!] }
  type Offer @key(fields: "id") { id: ID!, price: Int, media: Media }
`;
const books = `
  type Query { authored: [Media], found: [Find], parcels: [Item!] }
  interface Media { id: ID! }
  type Book implements Media @key(fields: "id") { id: ID!, author: String, sequel: Media }
  type Item @key(fields: "id") @interfaceObject { id: ID!, weight: Int @external, postage: Int @requires(fields: "weight"), within: Item }
  type Offer @key(fields: "id") { id: ID!, note: String, sent: Item }
  union Find = Book | Offer
`;

function data() {
  const media: Row[] = [['Book', '1'], ['Game', '2'], ['Game', '3'], ['Book', '4']].map(([__typename, id], n) => ({ __typename, id, title: n === 2 ? null : `Title ${id}`, year: 2000 + n, pages: n, weight: n === 1 ? null : n, author: n ? `author ${n}` : null, points: n }));
  const shops: Row[] = ['s1', 's2'].map((id, n) => ({ __typename: 'Shop', id, name: `Shop ${id}`, open: n === 0, shows: n ? null : media[1] }));
  const boxes: Row[] = ['b1', 'b2'].map((id, n) => ({ __typename: 'Box', id, weight: n * 100, content: n ? [media[0], shops[0], media[2]] : null }));
  const reviews = [media[0], shops[1], media[2], null].map((one, n): Row => ({ __typename: 'Review', text: n ? `text ${n}` : null, of: one, about: media[3 - n] }));
  const offered = media.map((one, n): Row => ({ __typename: 'Offer', id: `o${n}`, price: n, media: n === 3 ? null : one, sent: [boxes[0], media[1], media[2], null][n], note: `note ${n}` }));
  media.forEach((one, n) => Object.assign(one, { reviews: n === 1 ? null : [reviews[n]], offers: n === 0 ? [] : [offered[n]], next: [media[1], null, null, shops[0]][n], sequel: n ? media[0] : media[3], within: n === 1 ? boxes[1] : null }));
  boxes.forEach((box, n) => Object.assign(box, { within: n ? null : boxes[1] }));
  const of = (type: string) => media.filter((each) => each.__typename === type);
  return { entities: { Book: of('Book'), Game: of('Game'), Shop: shops, Box: boxes, Offer: offered }, families: { Media: ['Book', 'Game'], Item: ['Game', 'Box'] }, media, reviews };
}

export const behind: World = {
  name: 'behind',
  about: 'interfaces above interface objects, unions of what they stand for, and objects behind two of them',
  modest: true,
  subgraphs: { catalog, ratings, offers, books },
  data,
  fields: {
    'Query.node': (_, { id }, given) => [...given.data.media as Row[], ...given.data.entities.Shop!].find((each) => each.id === id) ?? null,
    'Query.hits': (_, __, given) => [...given.data.media as Row[], null, ...given.data.entities.Shop!],
    'Query.media': (_, __, given) => given.data.media,
    'Query.favourite': (_, __, given) => (given.data.media as Row[])[2],
    'Query.things': (_, __, given) => [...given.data.entities.Shop!, ...given.data.media as Row[], null],
    'Query.rated': (_, __, given) => (given.data.media as Row[]).slice(1),
    'Query.reviews': (_, __, given) => given.data.reviews,
    'Query.offers': (_, __, given) => [null, ...given.data.entities.Offer!],
    'Query.parcels': (_, __, given) => [...given.data.entities.Box!, ...given.data.entities.Game!],
    'Query.authored': (_, __, given) => given.data.entities.Book,
    'Query.found': (_, __, given) => [...given.data.entities.Book!, ...given.data.entities.Offer!],
    'Media.stars': (self, { scale }) => (self.id === '4' ? null : (self.points as number) * (scale ?? 1)),
    'Media.label': (_, __, { needs }) => `label of ${String(needs.title)}`,
    'Media.age': (_, __, { needs }) => 2030 - (needs.year as number),
    'Media.worth': (_, __, { needs }) => (needs.stars === null ? null : (needs.stars as number) + 0.5),
    'Item.postage': (_, __, { needs }) => (needs.weight === null ? null : (needs.weight as number) * 2),
  },
};
