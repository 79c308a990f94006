/** What the small subgraphs publish. */
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])\n';

export type SmallName = 'people' | 'reviews';
export const SMALL_NAMES: readonly SmallName[] = ['people', 'reviews'];

export const SDL: Record<SmallName, string> = {
  people: `${LINK}
    type Query { people: [Person!]! whoAsks(header: String!): String greeted: Int! following: Int! }
    type Mutation { greet(name: String!): String! }
    type Subscription { greetings(after: String, everyMs: Int! = 100, bytes: Int! = 0): Greeting! }
    type Greeting { n: Int! cursor: String! words: String! person: Person! }
    type Person @key(fields: "id") { id: ID! name: String! }`,
  reviews: `${LINK}
    type Query { latest: Review broken: String }
    type Person @key(fields: "id") { id: ID! reviews: [Review!] }
    type Review { text: String! author: Person! }`,
};
