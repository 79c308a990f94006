/** What of the explorer needs no browser: the very files that browsers load. */
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

/** By path, because they are plain JavaScript, of which the compiler knows nothing. */
const load = (file: string) => import(join(import.meta.dirname, file)) as Promise<Record<string, (...given: any[]) => any>>;
const { cell, toCsv, csvName } = await load('csv.js') as Record<'cell' | 'toCsv' | 'csvName', (...given: any[]) => string>;
const { findLists, sortRows } = await load('lists.js') as Record<'findLists' | 'sortRows', (...given: any[]) => any>;
const { encodeShare, decodeShare } = await load('share.js') as Record<'encodeShare' | 'decodeShare', (...given: any[]) => any>;
const { operationOfLetter } = await load('letters.js') as Record<'operationOfLetter', (hash: string) => { query: string } | null>;
const { readPlan, titleOf } = await load('plan.js') as Record<'readPlan' | 'titleOf', (given: any) => any>;
const { savedQueries } = await load('saved.js') as Record<'savedQueries', (storage: unknown) => any>;
const { keeping } = await load('keeping.js') as Record<'keeping', (given: unknown) => BrowserStorage>;

interface BrowserStorage { getItem(name: string): string | null; setItem(name: string, text: string): void; removeItem(name: string): void; clear(): void }
/** A browser's storage, which keeps texts under names and lists them as its own properties. */
function storage(): BrowserStorage {
  const kept = {} as Record<string, string>;
  const methods = { getItem: (name: string) => kept[name] ?? null, setItem: (name: string, text: string) => { kept[name] = text; }, removeItem: (name: string) => { delete kept[name]; } };
  return new Proxy(methods as unknown as BrowserStorage, { get: (target, name) => (Reflect.get(target, name) as unknown) ?? kept[String(name)], ownKeys: () => Object.keys(kept), getOwnPropertyDescriptor: (_, name) => ({ value: kept[String(name)], enumerable: true, configurable: true }) });
}

describe('CSV', () => {
  it('quotes what would break a row, and nothing else', () => {
    expect(toCsv(['a', 'b,c'], [['x', 'say "hi"'], ['two\nlines', null], [' spaced', 1.5], [true, { deep: [1] }]])).toBe('a,"b,c"\r\nx,"say ""hi"""\r\n"two\nlines",\r\n" spaced",1.5\r\ntrue,"{""deep"":[1]}"\r\n');
  });
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r=1', '＝1+1', '|cmd'])('leaves no formula of %j', (text) => expect(cell(text).replace(/^"/, '')).toMatch(/^'/));
  it('leaves numbers what they are', () => expect([cell(-5), cell(0), cell('5')]).toEqual(['-5', '0', '5']));
  it('can be read back whatever is in it', () => fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }).filter((text) => !cell(text).includes("'")), { minLength: 1 }), (row) => {
    const line = toCsv(row, []).slice(0, -2);
    const back = [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,"]*))/gsu)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
    expect(back).toEqual(row);
  })));
  it('names its file so that every system takes it', () => expect([csvName('tenants.nodes'), csvName('../…'), csvName('a'.repeat(99))]).toEqual(['tenants-nodes.csv', 'result.csv', `${'a'.repeat(60)}.csv`]));
});

describe('lists of an answer', () => {
  const data = { tenants: { nodes: [{ name: 'A', owner: { name: 'x' }, members: { nodes: [{ role: 'OWNER' }, { role: 'GUEST' }] } }, { name: 'B', owner: null, members: { nodes: [{ role: 'ADMIN' }] } }] }, tags: ['t'] };
  it('are found at every depth, those of many parents as one, the longest first', () => {
    expect(findLists(data)).toEqual([
      { path: 'tenants.nodes.members.nodes', columns: ['role'], rows: [['OWNER'], ['GUEST'], ['ADMIN']], cut: false },
      { path: 'tenants.nodes', columns: ['name', 'owner.name', 'members.nodes'], rows: [['A', 'x', data.tenants.nodes[0]!.members.nodes], ['B', null, data.tenants.nodes[1]!.members.nodes]], cut: false },
      { path: 'tags', columns: ['value'], rows: [['t']], cut: false },
    ]);
  });
  it('are none where there is none', () => expect([findLists(null), findLists({ me: { id: 1 } }), findLists({ nodes: [] })]).toEqual([[], [], []]));
  it('are bounded, and say so', () => {
    const [list] = findLists({ all: Array.from({ length: 6_000 }, (_, n) => ({ n })) });
    expect([list.rows.length, list.cut]).toEqual([5_000, true]);
    const [wide] = findLists({ all: [Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`c${n}`, n]))] });
    expect([wide.columns.length, wide.cut]).toEqual([60, true]);
  });
  it('are sorted by size or as people do, with nothing last both ways', () => {
    const column = (rows: unknown[][]) => rows.map(([value]) => value);
    expect(column(sortRows([[10], [null], [9]], 0, false))).toEqual([9, 10, null]);
    expect(column(sortRows([[10], [null], [9]], 0, true))).toEqual([10, 9, null]);
    expect(column(sortRows([['item 10'], ['Item 9'], ['item 2']], 0, false))).toEqual(['item 2', 'Item 9', 'item 10']);
  });
});

describe('a shared link', () => {
  it('carries any document and its variables, and only these', () => fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' }), (query, variables) => {
    const hash = encodeShare({ query, variables, headers: '{"authorization":"Bearer secret"}' });
    expect(hash).toMatch(/^#query=[\w-]+$/);
    expect(decodeShare(hash)).toEqual({ query, variables });
  })));
  it('is not made of what is too long', () => expect(encodeShare({ query: 'x'.repeat(100_001) })).toBeNull());
  it.each(['', '#', '#query=', '#query=%%%', '#query=e30', '#query=bnVsbA', '#other=e30', `#query=${Buffer.from('{"query":{"a":1}}').toString('base64url')}`, `#query=${Buffer.from([255, 254]).toString('base64url')}`])('is nothing when it is %j', (hash) => expect(decodeShare(hash)).toBeNull());
});

describe("a letter's link", () => {
  it.each([['verify-email', 'verifyEmail'], ['reset-password', 'resetPassword'], ['accept-invitation', 'acceptInvitation']])('#%s writes out %s', (letter, field) => expect(operationOfLetter(`#${letter}=tok_1.a-b`)!.query).toContain(`${field}(input: { token: "tok_1.a-b"`));
  it.each(['#verify-email=a"b', '#constructor=a', '#verify-email=', `#verify-email=${'a'.repeat(201)}`])('is nothing when it is %s', (hash) => expect(operationOfLetter(hash)).toBeNull());
});

const PLAN = `QueryPlan {
  Sequence {
    Fetch(service: "tenants") {
      {
        tenant {
          members {
            nodes {
              user {
                __typename
                id
              }
            }
          }
        }
      }
    },
    Flatten(path: "tenant.members.nodes.@.user") {
      Fetch(service: "users") {
        {
          ... on User {
            __typename
            id
          }
        } =>
        {
          ... on User {
            name
          }
        }
      },
    },
  },
}`;
describe('a query plan', () => {
  it('is read as the tree that it is', () => {
    const [sequence] = readPlan(PLAN).steps;
    const titles = (step: any): unknown[] => [titleOf(step), ...step.steps.map(titles)];
    expect(titles(sequence)).toEqual(['One after the other', ['Ask tenants'], ['For each tenant.members.nodes.@.user', ['Ask users']]]);
    expect(sequence.steps[1].steps[0].document).toBe('{\n  ... on User {\n    __typename\n    id\n  }\n} =>\n{\n  ... on User {\n    name\n  }\n}');
  });
  it('may be empty', () => expect(readPlan('QueryPlan {}')).toEqual({ name: 'QueryPlan', about: '', steps: [], document: '' }));
  it.each(['', 'nothing', 'QueryPlan {', 'QueryPlan {\n  Fetch {\n', `${PLAN}\n}`])('is not guessed at: %j', (text) => expect(readPlan(text)).toBeNull());
});

describe('saved queries', () => {
  it('are one a name, and go from browser to browser', () => {
    const [here, there] = [savedQueries(storage()), savedQueries(storage())];
    here.save({ name: ' Mine ', query: '{ a }', variables: '{}', headers: '{"authorization":"x"}' });
    here.save({ name: 'Mine', query: '{ b }' });
    there.save({ name: 'Theirs', query: '{ c }' });
    expect(there.import(here.export())).toBe(1);
    expect(there.get()).toEqual([{ name: 'Mine', query: '{ b }', variables: '' }, { name: 'Theirs', query: '{ c }', variables: '' }]);
    expect(here.export()).not.toContain('authorization');
    there.delete('Mine');
    expect(there.get()).toHaveLength(1);
  });
  it.each(['', 'no JSON', '{}', '{"queries":1}'])('are not taken from %j', (text) => expect(() => savedQueries(storage()).import(text)).toThrow('no saved queries'));
  it('are bounded', () => {
    const saved = savedQueries(storage());
    expect(() => saved.import(JSON.stringify(Array.from({ length: 201 }, (_, n) => ({ name: `q${n}`, query: '{ a }' }))))).toThrow('delete one first');
  });
});

describe('what GraphiQL keeps', () => {
  it('is never a header, and no secret outlives the tab', () => {
    const [tab, lasting] = [storage(), storage()];
    const kept = keeping({ tab, lasting });
    kept.setItem('graphiql:headers', '{"authorization":"Bearer a"}');
    kept.setItem('graphiql:tabState', '{"tabs":[]}');
    kept.setItem('graphiql:theme', 'dark');
    kept.setItem('graphiql:queries', JSON.stringify({ queries: [{ query: '{ me { id } }', headers: '{"authorization":"Bearer b"}' }, { query: 'mutation { login(input: { password: "p" }) { user { id } } }' }, { query: '{ a }', variables: '{"token":"t"}' }] }));
    expect(Object.entries(lasting)).toEqual([['graphiql:theme', 'dark'], ['graphiql:queries', '{"queries":[{"query":"{ me { id } }"}]}']]);
    expect(Object.entries(tab)).toEqual([['graphiql:tabState', '{"tabs":[]}']]);
    kept.clear();
    expect([...Object.keys(tab), ...Object.keys(lasting)]).toEqual([]);
  });
});
