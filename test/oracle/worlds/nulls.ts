/** Non-null in every position, fields that throw, entities that vanish or fail: how far null spreads, and what is told of it. */
import type { Row, World } from '../world.ts';

const a = `
  type Query {
    soft: Soft
    hard: Soft!
    list: [Soft!]
    lists: [[Soft!]!]!
    things: [Thing]
    thingsHard: [Thing!]!
    thing(id: ID!): Thing
    throws: String
    throwsHard: String!
    late: Thing
  }
  type Soft @shareable { self: Soft, hard: Soft!, bad: String, badHard: String!, nullHard: Int!, ok: Int!, items: [Int!], matrix: [[Int!]!], thing: Thing, thingHard: Thing! }
  type Thing @key(fields: "id") { id: ID!, here: String, peers: [Thing!]!, peer: Thing, sure: Thing! }
  interface Shape { id: ID!, area: Int! }
  type Square implements Shape @key(fields: "id") { id: ID!, area: Int! @shareable, thing: Thing! }
  type Circle implements Shape @key(fields: "id") { id: ID!, area: Int! @shareable }
`;
const b = `
  type Query { otherThrows: String, sometimes(fail: Boolean!): Int!, shapes: [Shape!] }
  type Thing @key(fields: "id") { id: ID!, there: String, thereHard: String!, numbers: [Int!]!, loose: [Int!], grid: [[Int!]], inner: Inner!, innerSoft: Inner, choice: Choice! }
  type Inner { must: Int!, may: Int, thing: Thing! }
  union Choice = Inner | Thing
  interface Shape { id: ID!, area: Int! }
  type Square implements Shape @key(fields: "id") { id: ID!, area: Int! @shareable, side: Int! }
  type Circle implements Shape @key(fields: "id") { id: ID!, area: Int! @shareable, radius: Float }
`;
const c = `
  type Query { cThing: Thing! }
  type Thing @key(fields: "id") { id: ID!, far: String, farHard: String!, there: String @external, echo: String @requires(fields: "there"), echoHard: String! @requires(fields: "there") }
  type Square @key(fields: "id") { id: ID!, colour: String! }
  type Circle @key(fields: "id") { id: ID!, colour: String! }
`;
const d = `
  type Query { dThing: Thing }
  type Thing @key(fields: "id") { id: ID!, fragile: String, fragileToo(n: Int = 1): Int, deep: Thing }
`;

function data() {
  const things: Row[] = ['1', '2', '3', '4'].map((id, n) => ({
    __typename: 'Thing', id, here: `here ${id}`, there: n === 2 ? null : `there ${id}`, thereHard: n === 1 ? null : `hard ${id}`, far: `far ${id}`, farHard: n === 3 ? null : `far ${id}`,
    numbers: n === 2 ? [1, null] : [1, 2], loose: n === 0 ? [1, null] : n === 1 ? null : [3], grid: n === 3 ? [[1], null, [null]] : [[1], [2, 3]],
  }));
  const inner = (n: number): Row => ({ __typename: 'Inner', must: n === 1 ? null : n, may: n === 0 ? null : n, thing: things[(n + 1) % 4] });
  things.forEach((thing, n) => Object.assign(thing, { peers: [things[(n + 1) % 4], n === 3 ? null : things[(n + 2) % 4]], peer: n === 0 ? null : things[n - 1], sure: n === 2 ? null : things[(n + 1) % 4], inner: inner(n), innerSoft: n === 2 ? null : inner((n + 1) % 4), choice: n % 2 ? thing : inner(n), deep: n === 0 ? null : things[(n + 1) % 4] }));
  const soft: Row = { __typename: 'Soft', ok: 1, items: [1, null, 3], matrix: [[1], [2, null], [3]], thing: things[0], nullHard: null };
  const soft2: Row = { __typename: 'Soft', ok: 2, items: null, matrix: [[1], null], thing: null, thingHard: things[1], nullHard: 2 };
  Object.assign(soft, { self: soft2, hard: soft2, thingHard: null });
  Object.assign(soft2, { self: null, hard: soft });
  const shapes: Row[] = ['1', '2', '3'].map((id, n) => ({ __typename: n === 1 ? 'Circle' : 'Square', id, area: n, side: n, radius: n, colour: n === 2 ? null : 'red', thing: things[n] }));
  return { entities: { Thing: things, Square: shapes.filter((each) => each.__typename === 'Square'), Circle: shapes.filter((each) => each.__typename === 'Circle') }, soft, soft2, shapes };
}

const broken = (what: string) => () => { throw new Error(`${what} is broken`); };

export const nulls: World = {
  name: 'nulls',
  about: 'null propagation with exact paths, through lists of lists, entities and abstract types',
  subgraphs: { a, b, c, d },
  data,
  vanished: { c: ['3'], d: ['2'] },
  fields: {
    'Query.soft': (_, __, given) => given.data.soft,
    'Query.hard': (_, __, given) => given.data.soft,
    'Query.list': (_, __, given) => [given.data.soft, given.data.soft2],
    'Query.lists': (_, __, given) => [[given.data.soft2], [], [given.data.soft, given.data.soft2]],
    'Query.things': (_, __, given) => [given.data.entities.Thing![0], null, ...given.data.entities.Thing!.slice(1)],
    'Query.thingsHard': (_, __, given) => given.data.entities.Thing,
    'Query.thing': (_, { id }, given) => given.data.entities.Thing!.find((each) => each.id === id) ?? null,
    'Query.throws': broken('throws'),
    'Query.throwsHard': broken('throwsHard'),
    'Query.late': (_, __, given) => given.data.entities.Thing![3],
    'Query.otherThrows': broken('otherThrows'),
    'Query.sometimes': (_, { fail }) => (fail ? null : 1),
    'Query.shapes': (_, __, given) => given.data.shapes,
    'Query.cThing': (_, __, given) => given.data.entities.Thing![0],
    'Query.dThing': (_, __, given) => given.data.entities.Thing![3],
    'Soft.bad': broken('bad'),
    'Soft.badHard': (self) => (self.ok === 1 ? broken('badHard')() : 'fine'),
    'Thing.fragile': (self) => (self.id === '1' ? broken('fragile')() : `fragile ${String(self.id)}`),
    'Thing.fragileToo': (self, { n }) => (self.id === String(n) ? broken('fragileToo')() : n),
    'Thing.echo': (_, __, { needs }) => `echo ${String(needs.there)}`,
    'Thing.echoHard': (_, __, { needs }) => needs.there,
  },
};
