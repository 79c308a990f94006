import { describe, expect, it } from '@jest/globals';
import { buildSchema, getIntrospectionQuery, graphqlSync } from 'graphql';
import { newId } from '../../platform/ids.ts';
import { anonymous, keyViewer, userViewer, type TenantRole } from '../../platform/viewer.ts';
import type { Requirement } from './requirements.ts';
import { refuseIntrospection } from './introspection.ts';
import { refusals } from './scopes.ts';
import { withoutSuggestions } from './suggestions.ts';
import { visibleSchema } from './visible.ts';

const person = (role: TenantRole | null) => userViewer({ userId: newId('usr'), sessionId: null, tenantId: role && newId('tnt'), role });
const key = (...scopes: string[]) => keyViewer({ keyId: newId('key'), tenantId: newId('tnt'), role: 'OWNER', scopes, collectionIds: null, sandbox: false });
const requirement = (more: Partial<Requirement>): Requirement => ({ authenticated: true, scopes: [], policies: [], ...more });
const RULES = new Map<string, Requirement>([
  ['Query.caller', requirement({})],
  ['Query.person', requirement({ policies: [[['person']]] })],
  ['Query.admin', requirement({ scopes: [[['items:write'], ['person']]], policies: [[['role:ADMIN'], ['key']]] })],
  ['Query.noKey', requirement({ policies: [[['role:MEMBER']]] })],
  ['Query.both', requirement({ scopes: [[['a', 'b'], ['c']]] })],
  ['Box.lid', requirement({ scopes: [[['lids'], ['person']]] })],
  ['Thing.lid', requirement({ authenticated: false, implementers: ['Box.lid'] })],
]);
const told = (viewer: Parameters<typeof refusals>[1], ...coordinates: string[]) =>
  Object.fromEntries([...refusals(coordinates, viewer, RULES)].map(([name, { code, missing }]) => [name, missing ? `${code} ${missing}` : code]));
const ROOT = ['Query.caller', 'Query.person', 'Query.admin', 'Query.noKey', 'Query.open'];

describe('who is refused which field, and what is missing', () => {
  it('a stranger', () => {
    expect(told(anonymous, ...ROOT)).toEqual({
      'Query.caller': 'UNAUTHENTICATED a signed-in person or a key', 'Query.person': 'UNAUTHENTICATED a signed-in person',
      'Query.admin': 'UNAUTHENTICATED role ADMIN', 'Query.noKey': 'UNAUTHENTICATED role MEMBER',
    });
  });
  it('a person, by role and never by scope', () => {
    expect(told(person('OWNER'), ...ROOT)).toEqual({});
    expect(told(person('MEMBER'), ...ROOT)).toEqual({ 'Query.admin': 'FORBIDDEN role ADMIN' });
    expect(told(person(null), ...ROOT)).toEqual({ 'Query.admin': 'TENANT_REQUIRED', 'Query.noKey': 'TENANT_REQUIRED' });
  });
  it('a key, by scope and never by the role of who made it', () => {
    expect(told(key('items:write'), ...ROOT)).toEqual({ 'Query.person': 'FORBIDDEN a signed-in person', 'Query.noKey': 'FORBIDDEN a signed-in person' });
    expect(told(key('items:read'), 'Query.admin')).toEqual({ 'Query.admin': 'FORBIDDEN scope items:write' });
    expect(told(key('a'), 'Query.both')).toEqual({ 'Query.both': 'FORBIDDEN scope a and b or c' });
    expect(told(key('a', 'b'), 'Query.both')).toEqual({});
    expect(told(key('c'), 'Query.both')).toEqual({});
  });
  it('a key that calls itself a person, or a role', () => {
    expect(told(key('person', 'role:ADMIN', 'key'), ...ROOT)).toMatchObject({ 'Query.person': expect.any(String), 'Query.admin': expect.any(String), 'Query.noKey': expect.any(String) });
  });
  it('a field of an interface: the types behind it, each by its own rule', () => {
    expect(told(key(), 'Thing.lid')).toEqual({ 'Box.lid': 'FORBIDDEN scope lids' });
    expect(told(key('lids'), 'Thing.lid')).toEqual({});
  });
});

const schema = buildSchema(`
  type Query { open: Open admin(by: Filter): Admin thing: Thing caller: Int }
  type Open { id: ID admin: Admin } type Admin { id: ID rank: Rank } enum Rank { HIGH } input Filter { a: Int }
  interface Thing { id: ID } type Box implements Thing { id: ID lid: Lid } type Lid { id: ID } type Bag implements Thing { id: ID }
`);
const rules = new Map([...RULES, ['Open.admin', RULES.get('Query.admin')!]] as const);
const typesOf = (viewer: Parameters<typeof visibleSchema>[1]) => Object.keys(visibleSchema(schema, viewer, rules).getTypeMap()).filter((name) => !name.startsWith('__')).sort();

describe('the schema as a caller sees it', () => {
  it('is what a key reaches, without what only hidden fields lead to', () => {
    expect(typesOf(key('items:read'))).toEqual(['Bag', 'Boolean', 'Box', 'ID', 'Int', 'Open', 'Query', 'String', 'Thing']);
    expect(typesOf(key('items:write'))).toEqual(expect.arrayContaining(['Admin', 'Rank', 'Filter']));
    expect(typesOf(key('lids'))).toContain('Lid');
  });
  it('is all of it for a person, whose rights change with the tenant', () => expect(visibleSchema(schema, person('GUEST'), rules)).toBe(schema));
  it('is made once for equal scopes, in whatever order', () => {
    expect(visibleSchema(schema, key('a', 'b'), rules)).toBe(visibleSchema(schema, key('b', 'a', 'b'), rules));
    expect(visibleSchema(schema, key('a'), rules)).not.toBe(visibleSchema(schema, key('b'), rules));
  });

  const names = (viewer: Parameters<typeof visibleSchema>[1]) => {
    const answer = graphqlSync({ schema: visibleSchema(schema, viewer, rules), source: getIntrospectionQuery() });
    return (answer.data!.__schema as { types: { name: string }[] }).types.map(({ name }) => name);
  };
  it('answers the whole introspection', () => {
    expect(names(key())).not.toContain('Admin');
    expect(names(person('GUEST'))).toContain('Admin');
  });

  it('is shown to whom the setting says', () => {
    const asks = (given: Parameters<typeof refuseIntrospection>[0], viewer: Parameters<typeof refuseIntrospection>[1]) => {
      try { refuseIntrospection(given, viewer); return 'shown'; } catch (error) { return (error as { code: string }).code; }
    };
    const [open, production] = [{ INTROSPECTION: undefined, production: false }, { INTROSPECTION: undefined, production: true }];
    expect([anonymous, key(), person(null)].map((viewer) => asks(open, viewer))).toEqual(['shown', 'shown', 'shown']);
    expect([anonymous, key(), person(null)].map((viewer) => asks(production, viewer))).toEqual(['INTROSPECTION_DISABLED', 'shown', 'shown']);
    expect([anonymous, key(), person(null)].map((viewer) => asks({ ...open, INTROSPECTION: 'off' }, viewer))).toEqual(Array(3).fill('INTROSPECTION_DISABLED'));
    expect(asks({ ...production, INTROSPECTION: 'on' }, anonymous)).toBe('shown');
  });
});

describe('a message without suggestions', () => {
  it.each([
    ['Cannot query field "opn" on type "Query". Did you mean "open", "admin", or "secret"?', 'Cannot query field "opn" on type "Query".'],
    ['Value "HIHG" does not exist in "Rank" enum. Did you mean the enum value "HIGH"?', 'Value "HIHG" does not exist in "Rank" enum.'],
    ['Field "open" of type "Open" must have a selection of subfields. Did you mean "open { ... }"?', 'Field "open" of type "Open" must have a selection of subfields.'],
    ['Nothing to hide.', 'Nothing to hide.'],
  ])('%s', (said, left) => expect(withoutSuggestions(said)).toBe(left));
});
