import { describe, expect, it } from '@jest/globals';
import { buildSchema, getIntrospectionQuery } from 'graphql';
import { limit, readDocument } from './limits.ts';
import { refuseUncleanVariables } from './text.ts';

const schema = buildSchema(`
  type Query { some(ids: [ID!]!): [User] me: User users(first: Int, after: String): Users item: Item }
  type Users { nodes: [User!]! edges: [Edge!]! }
  type Edge { node: User! }
  type User { id: ID! name(as: String): String friends(first: Int): Users manager: User }
  type Item { id: ID! }
  type Mutation { rename(name: String!): User }
`);
const asked = (text: string, variables: Record<string, unknown> = {}, operationName: string | null = null) => {
  const { document, operation } = readDocument(text, operationName);
  return limit(schema, document, operation, variables);
};
const code = (run: () => unknown): string => {
  try {
    run();
    return 'let through';
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const nested = (depth: number) => `{ ${'manager { '.repeat(0)}me { ${'manager { '.repeat(depth - 2)} id ${'} '.repeat(depth - 2)} } }`;

describe('the edge lets through', () => {
  it("the full introspection query of GraphiQL", () => {
    expect(asked(getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, oneOf: true })).introspects).toBe(true);
  });
  it('what stays within every limit, up to the limit', () => {
    expect(asked(nested(12)).rootFields).toBe(1);
    expect(asked(`{ ${Array.from({ length: 20 }, (_, n) => `a${n}: item { id }`).join(' ')} }`).rootFields).toBe(20);
    expect(asked('{ users(first: 100) { nodes { friends(first: 100) { nodes { id } } } } }').rootFields).toBe(1);
  });
});

describe('the edge refuses', () => {
  it.each([
    ['what is not GraphQL', () => asked('{ me '), 'GRAPHQL_PARSE_FAILED'],
    ['nothing', () => asked('#'), 'GRAPHQL_PARSE_FAILED'],
    ['an operation that is not there', () => asked('query A { me { id } }', {}, 'B'), 'OPERATION_RESOLUTION_FAILURE'],
    ['two operations and no name', () => asked('query A { me { id } } query B { me { id } }'), 'OPERATION_RESOLUTION_FAILURE'],
    ['only fragments', () => asked('fragment A on User { id }'), 'OPERATION_RESOLUTION_FAILURE'],
    ['more than 100 kB of text', () => asked(`{ me { id } } # ${'x'.repeat(100_000)}`), 'DOCUMENT_TOO_LARGE'],
    ['more than 4000 tokens', () => asked(`{ ${'me { id } '.repeat(1_100)} }`), 'TOO_MANY_TOKENS'],
    ['13 levels', () => asked(nested(13)), 'TOO_DEEP'],
    ['13 levels behind fragments', () => asked(`{ me { ...a } } fragment a on User { manager { manager { manager { manager { manager { ...b } } } } } } fragment b on User { manager { manager { manager { manager { manager { manager { id } } } } } } }`), 'TOO_DEEP'],
    ['31 aliases', () => asked(`{ me { ${Array.from({ length: 31 }, (_, n) => `a${n}: name`).join(' ')} } }`), 'TOO_MANY_ALIASES'],
    ['aliases multiplied by fragments', () => asked(`{ me { ...a ...a ...a ...a } } fragment a on User { ${Array.from({ length: 10 }, (_, n) => `a${n}: name`).join(' ')} }`), 'TOO_MANY_ALIASES'],
    ['21 root fields', () => asked(`{ ${'me { id } '.repeat(21)} }`), 'TOO_MANY_ROOT_FIELDS'],
    ['a page of 101', () => asked('{ users(first: 101) { nodes { id } } }'), 'PAGE_SIZE'],
    ['a page of 0 by variable', () => asked('query($n: Int) { users(first: $n) { nodes { id } } }', { n: 0 }), 'PAGE_SIZE'],
    ['a page of 101 by default', () => asked('query($n: Int = 101) { users(first: $n) { nodes { id } } }'), 'PAGE_SIZE'],
    ['a million nodes', () => asked('{ users(first: 100) { nodes { friends(first: 100) { nodes { friends(first: 100) { nodes { id } } } } } } }'), 'TOO_MANY_NODES'],
    ['a million nodes through fragments', () => asked('{ users(first: 100) { nodes { ...f } } } fragment f on User { friends(first: 100) { nodes { ...g } } } fragment g on User { friends(first: 100) { nodes { id } } }'), 'TOO_MANY_NODES'],
    ['a million nodes through a list of ids', () => asked('query($i: [ID!]!) { some(ids: $i) { a: friends(first: 100) { nodes { id } } b: friends(first: 100) { nodes { id } } c: friends(first: 100) { nodes { id } } d: friends(first: 100) { nodes { id } } e: friends(first: 100) { nodes { id } } f: friends(first: 100) { nodes { id } } } }', { i: Array.from({ length: 100 }, () => 'x') }), 'TOO_MANY_NODES'],
    ['the same through ids that are written out', () => asked(`{ some(ids: [${'"x" '.repeat(600)}]) { friends(first: 100) { nodes { id } } } }`), 'TOO_MANY_NODES'],
    ['the same introspection list twice on a path', () => asked('{ __schema { types { fields { type { fields { name } } } } } }'), 'TOO_DEEP'],
    ['the same behind a fragment', () => asked('{ __schema { types { ...t } } } fragment t on __Type { fields { type { ...u } } } fragment u on __Type { fields { name } }'), 'TOO_DEEP'],
    ['introspection 17 levels deep', () => asked(`{ __schema { types { ${'ofType { '.repeat(15)} name ${'} '.repeat(15)} } } }`), 'TOO_DEEP'],
    ['NUL in a document', () => asked('{ me { name(as: "a\\u0000b") } }'), 'TEXT_NOT_ALLOWED'],
    ['a lone surrogate in a variable', () => refuseUncleanVariables({ a: ['ok', { b: '\ud800' }] }), 'TEXT_NOT_ALLOWED'],
    ['NUL in the name of a variable', () => refuseUncleanVariables({ 'a\0': 1 }), 'TEXT_NOT_ALLOWED'],
    ['more values than any input has', () => refuseUncleanVariables({ a: Array.from({ length: 100_001 }, () => []) }), 'BAD_REQUEST'],
    ['variables without a bottom', () => refuseUncleanVariables(JSON.parse('['.repeat(100) + ']'.repeat(100))), 'BAD_REQUEST'],
  ])('%s', (_, run, expected) => {
    expect(code(run)).toBe(expected);
  });

  it('a text that unfolds into 2^40 fields, in no time', () => {
    const levels = Array.from({ length: 40 }, (_, n) => `fragment f${n} on User { ...f${n + 1} ...f${n + 1} }`).join(' ');
    const since = process.cpuUsage();
    expect(code(() => asked(`{ me { ...f0 } } ${levels} fragment f40 on User { a: name }`))).toBe('TOO_MANY_ALIASES');
    expect(process.cpuUsage(since).user).toBeLessThan(1_000_000);
  });

  it('fragments that spread themselves without running away', () => {
    expect(code(() => asked('{ me { ...a } } fragment a on User { manager { ...b } } fragment b on User { manager { ...a } }'))).toBe('let through');
  });
});
