/** Keys of every form, `@requires` of every form, `@provides`, value types merged from two subgraphs, and what fails in between. */
import type { Row, World } from '../world.ts';

const products = `
  scalar Money
  enum Unit { KG LB }
  type Query {
    products(first: Int = 3, where: ProductWhere): [Product!]!
    product(upc: ID!): Product
    top: Product!
    dims: [Dimensions]
  }
  input ProductWhere { ids: [ID!], text: String = "any", nested: ProductWhere, unit: Unit = KG }
  type Product @key(fields: "upc") @key(fields: "sku brand { code }") {
    upc: ID!
    sku: String!
    brand: Brand!
    name(upper: Boolean = false, suffix: String): String
    price(currency: String = "USD"): Float
    cost: Money
    weight(unit: Unit! = KG): Float
    dims: Dimensions @shareable
    related(first: Int): [Product!]
    matrix: [[Product!]!]
    title: String @shareable
    strict: String!
    loud: String
    parts: [Part!]!
  }
  type Part @key(fields: "ref { code lot }") { ref: PartRef!, label: String }
  type PartRef @shareable { code: String!, lot: Int! }
  type Brand @shareable { code: String!, name: String }
  type Dimensions @shareable { w: Int, h: Int, unit: Unit }
`;

const inventory = `
  enum Unit { KG LB }
  type Query { inStock: [Product] @provides(fields: "title") warehouse(id: ID!): Warehouse }
  type Product @key(fields: "upc") {
    upc: ID!
    title: String @external
    name(upper: Boolean = false, suffix: String): String @external
    price(currency: String = "USD"): Float @external
    weight(unit: Unit! = KG): Float @external
    dims: Dimensions @external
    related(first: Int): [Product!] @external
    stock: Int
    shelf: Shelf
    warehouse: Warehouse!
    shipping: Float @requires(fields: "price weight")
    shippingEuro: Float @requires(fields: "price(currency: \\"EUR\\") weight(unit: LB)")
    area: Int @requires(fields: "dims { w h }")
    kin(sep: String = "-"): String @requires(fields: "related(first: 2) { upc name(upper: true) }")
    plain: String @requires(fields: "name")
    shouted: String @requires(fields: "name(upper: true, suffix: \\"!\\")")
  }
  type Dimensions @shareable { w: Int, h: Int }
  type Shelf @shareable { row: Int!, label: String }
  type Warehouse @key(fields: "id") { id: ID!, city: String, products: [Product!]! }
`;

const labels = `
  type Query { cheapest: Product }
  type Product @key(fields: "sku brand { code }") @key(fields: "upc") {
    upc: ID!
    sku: String!
    brand: Brand!
    shipping: Float @external
    badge: String @requires(fields: "shipping")
    tax: Tax @requires(fields: "shipping")
  }
  type Tax { amount: Float, product: Product! }
  type Brand @shareable { code: String!, slogan: String }
  type Part @key(fields: "ref { code lot }") { ref: PartRef!, maker: Maker, checked: Boolean! }
  type PartRef @shareable { code: String!, lot: Int! }
  type Maker @key(fields: "id") { id: ID!, title: String!, motto: String }
`;

const makers = `
  type Query { makers: [Maker] }
  type Maker @key(fields: "id") { id: ID!, founded: Int!, friends: [Maker], boss: Maker }
`;

const makerRows: Row[] = [{ id: 'm1', title: 'One', motto: null, founded: 1901 }, { id: 'm2', title: 'Two', motto: 'two!', founded: 1902 }, { id: 'm3', title: 'Gone', motto: 'none', founded: 1903 }];

function data() {
  const made = makerRows.map((row) => ({ ...row, __typename: 'Maker' })) as Row[];
  const parts: Row[] = [0, 1, 2].map((n) => ({ id: `part${n}`, __typename: 'Part', ref: { __typename: 'PartRef', code: `c${n}`, lot: n }, label: n === 1 ? null : `label ${n}`, maker: made[n], checked: n !== 2 }));
  const rows: Row[] = ['1', '2', '3', '4'].map((upc, n) => ({
    __typename: 'Product', id: upc, upc, sku: `s${n % 2}`, brand: { __typename: 'Brand', code: `b${upc}`, name: n === 1 ? null : `Brand ${upc}`, slogan: `slogan ${upc}` },
    title: n === 2 ? null : `Product ${upc}`, usd: n === 3 ? null : 10 * (n + 1), kg: n + 1, cost: { minor: n }, stock: n === 0 ? null : n,
    dims: n === 2 ? null : { __typename: 'Dimensions', w: n, h: n === 1 ? null : 2, unit: 'KG' }, shelf: { __typename: 'Shelf', row: n, label: null }, parts: parts.slice(0, n),
  }));
  const warehouses: Row[] = ['1', '2'].map((id) => ({ __typename: 'Warehouse', id, city: `City ${id}`, products: rows.filter((_, n) => n % 2 === Number(id) - 1) }));
  rows.forEach((row, n) => Object.assign(row, { related: n === 3 ? null : [rows[(n + 1) % 4], rows[(n + 2) % 4], row], warehouse: warehouses[n % 2] }));
  made.forEach((row, n) => Object.assign(row, { friends: [made[(n + 1) % 3], null], boss: n === 0 ? null : made[n - 1] }));
  return { entities: { Product: rows, Part: parts, Maker: made, Warehouse: warehouses } };
}

const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const sum = (a: unknown, b: unknown): number | null => (number(a) === null || number(b) === null ? null : (a as number) + (b as number));

export const shop: World = {
  name: 'shop',
  about: 'keys, requires with arguments and chains, provides, value types, custom scalars, inputs, what vanishes',
  subgraphs: { products, inventory, labels, makers },
  data,
  fields: {
    'Query.products': (_, { first, where }, given) => given.data.entities.Product!.filter((row) => !where?.ids || where.ids.includes(row.upc)).slice(0, first ?? 4),
    'Query.product': (_, { upc }, given) => given.data.entities.Product!.find((row) => row.upc === upc),
    'Query.top': (_, __, given) => given.data.entities.Product![0],
    'Query.dims': (_, __, given) => given.data.entities.Product!.map((row) => row.dims),
    'Query.inStock': (_, __, given) => [given.data.entities.Product![1], null, given.data.entities.Product![2]],
    'Query.warehouse': (_, { id }, given) => given.data.entities.Warehouse!.find((row) => row.id === id),
    'Query.cheapest': (_, __, given) => given.data.entities.Product![1],
    'Query.makers': (_, __, given) => given.data.entities.Maker,
    'Product.name': (self, { upper, suffix }) => (typeof self.title === 'string' ? `${upper ? self.title.toUpperCase() : self.title}${suffix ?? ''}` : null),
    'Product.price': (self, { currency }) => (self.usd === null ? null : currency === 'EUR' ? (self.usd as number) * 2 : self.usd),
    'Product.weight': (self, { unit }) => (unit === 'LB' ? (self.kg as number) * 2 : self.kg),
    'Product.related': (self, { first }) => (self.related as Row[] | null)?.slice(0, first ?? 3) ?? null,
    'Product.matrix': (self) => (self.upc === '2' ? [[self], null] : self.upc === '3' ? [[self, null], []] : [[self], []]),
    'Product.strict': (self) => {
      if (self.upc === '2') throw new Error('strict is broken');
      return self.upc === '4' ? null : `strict ${String(self.upc)}`;
    },
    'Product.loud': (self) => {
      if (self.upc !== '1') throw new Error(`loud ${String(self.upc)} is broken`);
      return 'loud';
    },
    'Product.shipping': (_, __, { needs }) => sum(needs.price, needs.weight),
    'Product.shippingEuro': (_, __, { needs }) => sum(needs.price, needs.weight),
    'Product.area': (_, __, { needs }) => ((needs.dims as Row | null) ? (number((needs.dims as Row).w) ?? 7) * (number((needs.dims as Row).h) ?? 7) : null),
    'Product.kin': (_, { sep }, { needs }) => (needs.related as Row[] | null)?.map((row) => `${String(row.upc)}:${String(row.name)}`).join(String(sep)) ?? null,
    'Product.plain': (_, __, { needs }) => needs.name,
    'Product.shouted': (_, __, { needs }) => needs.name,
    'Product.badge': (self, __, { needs }) => `${String(self.sku)} ${String(needs.shipping)}`,
    'Product.tax': (self, __, { needs }) => (needs.shipping === null ? null : { __typename: 'Tax', amount: number(needs.shipping), product: self }),
  },
};
