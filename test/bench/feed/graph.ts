/** The graph of `bench streams`: an event of one subgraph whose product another one knows, and a token that needs nobody else. */
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])';

export const FEED = `${LINK}
  type Query { reviewsToday: Int }
  type Subscription { reviewAdded: Review token: Token }
  type Review { id: ID! body: String product: Product }
  type Product @key(fields: "upc", resolvable: false) { upc: String! }
  type Token { at: Int text: String }
`;
export const GOODS = `${LINK}
  type Query { product(upc: String!): Product }
  type Product @key(fields: "upc") { upc: String! name: String price: Int }
`;

export const QUESTIONS = {
  events: 'subscription { reviewAdded { id body product { upc name price } } }',
  tokens: 'subscription { token { at text } }',
} as const;
export type Kind = keyof typeof QUESTIONS;

const review = (at: number) => ({ __typename: 'Review', id: `r${at}`, body: `This is what was said of it when it was looked at for the ${at}. time.`, product: { __typename: 'Product', upc: `p${at}` } });
const token = (at: number) => ({ __typename: 'Token', at, text: ` word${at}` });

/** What the feed's service itself says of the event, by its own fields. */
export const said = (at: number): Record<'reviewAdded' | 'token', object> => ({ reviewAdded: review(at), token: token(at) });
export const goods = (upc: string): object => ({ __typename: 'Product', upc, name: `Thing ${upc}`, price: upc.length * 100 });

/** What a client is to be told of the event, whichever gateway it asks. */
export function expected(kind: Kind, at: number): object {
  if (kind === 'tokens') return { token: { at, text: token(at).text } };
  const { id, body, product: { upc } } = review(at);
  return { reviewAdded: { id, body, product: { upc, name: `Thing ${upc}`, price: upc.length * 100 } } };
}

export function feedSupergraph(urls: { feed: string; goods: string }): string {
  const { supergraphSdl, errors } = composeServices([{ name: 'feed', url: urls.feed, typeDefs: parse(FEED) }, { name: 'goods', url: urls.goods, typeDefs: parse(GOODS) }]);
  if (!supergraphSdl) throw new Error(`The feed's supergraph does not compose: ${errors!.map(({ message }) => message).join('; ')}`);
  return supergraphSdl;
}
