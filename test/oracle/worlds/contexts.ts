/** `@context` and `@fromContext`: a field gets as an argument what an object above it knows. */
import type { Row, World } from '../world.ts';

const a = `
  type Query { tenants: [Tenant!], tenant(id: ID!): Tenant, region: Region }
  type Tenant @key(fields: "id") @context(name: "place") { id: ID!, currency: String!, users: [User!]!, chief: User, docs: [Doc] }
  type Region @context(name: "place") @key(fields: "id") { id: ID!, currency: String!, best: User }
  type User @key(fields: "id") { id: ID!, price(of: Int = 1, currency: String @fromContext(field: "$place { currency }")): String, name: String }
  type Doc @key(fields: "id") { id: ID!, title: String }
`;
const b = `
  type Query { ages: Int }
  type User @key(fields: "id") { id: ID!, age: Int! }
  type Doc @key(fields: "id") { id: ID!, pages: Int }
`;
const c = `
  type Query { labelled: [Group!]! }
  type Group @context(name: "group") { id: ID!, locale: Locale, rows: [Line!]! }
  type Locale @shareable { code: String! }
  type Line @key(fields: "id") { id: ID!, text(locale: String @fromContext(field: "$group { locale { code } }")): String!, twice(n: Int!, locale: String @fromContext(field: "$group { locale { code } }")): String }
`;
const d = `
  type Query { lines: Int }
  type Line @key(fields: "id") { id: ID!, weight: Int, next: Line2 }
  type Line2 { n: Int }
`;

function data() {
  const users: Row[] = ['1', '2', '3', '4'].map((id, n) => ({ __typename: 'User', id, name: n === 1 ? null : `User ${id}`, age: 20 + n }));
  const docs: Row[] = users.map((user, n) => ({ __typename: 'Doc', id: `d${n}`, title: `Doc ${n}`, pages: n, author: n === 2 ? null : { ...user } }));
  const tenants: Row[] = [['t1', 'EUR'], ['t2', 'USD']].map(([id, currency], n) => ({ __typename: 'Tenant', id, currency, users: users.slice(n * 2, n * 2 + 1), chief: n ? null : users[1], docs: [null] }));
  const region: Row = { __typename: 'Region', id: 'r', currency: 'CHF', best: users[3] };
  tenants.forEach((tenant) => { for (const user of [...tenant.users as Row[], ...(tenant.chief ? [tenant.chief as Row] : [])]) user.above = tenant; });
  users[3]!.above = region;
  const groups: Row[] = ['1', '2', '3'].map((id, n) => ({ __typename: 'Group', id, locale: n === 1 ? null : { __typename: 'Locale', code: `code${id}` } }));
  const lines: Row[] = ['1', '2', '3'].map((id, n) => ({ __typename: 'Line', id, weight: n, above: groups[n] }));
  groups.forEach((group, n) => Object.assign(group, { rows: [lines[n]] }));
  return { entities: { User: users, Doc: docs, Tenant: tenants, Region: [region], Line: lines }, groups };
}

const above = (self: Row) => self.above as Row;
const locale = (self: Row): string => (above(self).locale as { code: string } | null)?.code ?? 'null';

export const contexts: World = {
  name: 'contexts',
  about: 'arguments that come from an object above',
  beyondReference: true,
  subgraphs: { a, b, c, d },
  data,
  fields: {
    'Query.tenants': (_, __, given) => given.data.entities.Tenant,
    'Query.tenant': (_, { id }, given) => given.data.entities.Tenant!.find((each) => each.id === `t${id}`) ?? null,
    'Query.region': (_, __, given) => given.data.entities.Region![0],
    'Query.labelled': (_, __, given) => given.data.groups,
    'Query.lines': () => 3,
    'User.price': (_, { of, currency }) => `${String(of)} ${String(currency)}`,
    'Line.text': (_, { locale: given }) => `text in ${String(given)}`,
    'Line.twice': (_, { n, locale: given }) => `${String(n)} in ${String(given)}`,
  },
  monolith: {
    'User.price': (self, { of }) => `${String(of)} ${String(above(self).currency)}`,
    'Line.text': (self) => `text in ${locale(self)}`,
    'Line.twice': (self, { n }) => `${String(n)} in ${locale(self)}`,
  },
};
