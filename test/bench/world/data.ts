/**
 * What the benchmark's services know. `repeated` is the public benchmark's: a handful of users and products that the
 * answer meets again and again. In `unique` nothing is met twice, so that nobody wins by remembering.
 */
export const DATASETS = ['repeated', 'unique'] as const;
export type Dataset = (typeof DATASETS)[number];

export interface User { id: string; name: string; username: string; birthday: number }
export interface Product { upc: string; name: string; price: number; weight: number; inStock: boolean }
export interface Review { id: string; body: string; author: string; product: string }

/** Everything by its key. The lists of one entity never depend on how it was reached. */
export interface Data {
  users(): User[];
  user(id: string): User;
  topProducts(first: number): Product[];
  product(upc: string): Product;
  review(id: string): Review;
  reviewsOfUser(id: string): Review[];
  reviewsOfProduct(upc: string): Review[];
}

const WORDS = 'every review says what someone saw and found in a thing that was made to be sat on or eaten from and that has since been moved twice through a narrow door without losing more than a little paint which is remarkable at this price and would be bought again in another colour if only the shop had kept one for longer than a week in spring'.split(' ');
/** Sentences of about `length` letters that begin differently for every seed. */
const text = (seed: number, length: number): string => {
  let said = '';
  for (let word = seed; said.length < length; word++) said += `${WORDS[(word * 7 + seed) % WORDS.length]} `;
  return said.trim();
};
const seedOf = (key: string): number => [...key].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_973, 7);

const NAMES = ['Ada Abel', 'Ben Bosco', 'Cleo Carr', 'Dag Dale', 'Eva Elm', 'Finn Fox'];
const GOODS: [name: string, price: number, weight: number][] = [
  ['Table', 899, 100], ['Couch', 1_299, 1_000], ['Glass', 15, 20], ['Chair', 499, 100], ['TV', 1_299, 1_000], ['Lamp', 6_999, 300], ['Grill', 3_999, 2_000], ['Fridge', 100_000, 6_000], ['Sofa', 9_999, 800],
];
/** Product of each review, and how long it is. */
const REVIEWS: [upc: string, length: number][] = [['1', 445], ['1', 285], ['1', 275], ['1', 145], ['2', 445], ['2', 285], ['2', 275], ['2', 145], ['3', 145], ['4', 145], ['4', 860]];

function repeated(): Data {
  const users = NAMES.map((name, at): User => ({ id: String(at + 1), name, username: name.split(' ')[0]!.toLowerCase(), birthday: 1_234_567_890 }));
  const products = GOODS.map(([name, price, weight], at): Product => ({ upc: String(at + 1), name, price, weight, inStock: at % 3 !== 1 }));
  const reviews = REVIEWS.map(([product, length], at): Review => ({ id: String(at + 1), body: text(at, length), author: '1', product }));
  const one = <Thing>(of: readonly Thing[], key: string): Thing => of[Number(key) - 1]!;
  return {
    users: () => users,
    user: (id) => one(users, id),
    topProducts: (first) => products.slice(0, first),
    product: (upc) => one(products, upc),
    review: (id) => one(reviews, id),
    reviewsOfUser: () => reviews.slice(0, 2),
    reviewsOfProduct: (upc) => reviews.filter(({ product }) => product === upc),
  };
}

/** A key says how it was reached (`2ap3w`: by user 2's first review, its product, that one's third review, its author), so no two meet. */
function unique(): Data {
  const user = (id: string): User => ({ id, name: NAMES[seedOf(id) % NAMES.length]!, username: `u${id}`, birthday: 1_234_567_890 });
  const product = (upc: string): Product => {
    const [name, price, weight] = GOODS[seedOf(upc) % GOODS.length]!;
    return { upc, name, price, weight, inStock: seedOf(upc) % 3 !== 1 };
  };
  const review = (id: string): Review => ({ id, body: text(seedOf(id), id.endsWith('a') ? 445 : 285), author: `${id}w`, product: `${id}p` });
  return {
    users: () => NAMES.map((_, at) => user(String(at + 1))),
    user,
    topProducts: (first) => GOODS.slice(0, first).map((_, at) => product(`t${at + 1}`)),
    product,
    review,
    reviewsOfUser: (id) => [review(`${id}a`), review(`${id}b`)],
    reviewsOfProduct: (upc) => [1, 2, 3, 4].slice(0, upc.startsWith('t') ? 2 : 4).map((at) => review(`${upc}${at}`)),
  };
}

export const dataOf = (dataset: Dataset): Data => (dataset === 'unique' ? unique() : repeated());

