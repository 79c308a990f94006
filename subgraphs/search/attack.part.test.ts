/** Whoever means harm: whatever is asked, by whomever, is answered or refused by a code that says why, and says nothing of what they do not reach. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyOf, newCollection, shareWith } from '../../test/kit/collections.ts';
import { heardOf, newFindable, search, searchAnswer, tokensOf, written } from '../../test/kit/search.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

const MODES = ['KEYWORD', 'SEMANTIC', 'HYBRID'] as const;
const REFUSALS = ['INVALID_INPUT', 'TEXT_NOT_ALLOWED', 'PAGE_SIZE', 'CURSOR_INVALID', 'WRITE_TOKEN_INVALID', 'BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED'];
const DELETE_COLLECTION = 'mutation($input: DeleteCollectionInput!) { deleteCollection(input: $input) { collectionId userErrors { code } } }';
const RENAME = 'mutation($input: UpdateCollectionInput!) { updateCollection(input: $input) { collection { id } userErrors { code } } }';
const SUGGEST = 'query($prefix: String!, $first: Int) { suggest(prefix: $prefix, first: $first) }';

let kit: Kit;
let acme: TestTenant, other: TestTenant;
let owner: Person, guest: Person;
let open: string, secret: string;
let openId: string, hiddenId: string;
beforeAll(async () => {
  kit = await startTogether(['users', 'tenants', 'collections', 'search']);
  [acme, other] = [await newTenant(kit), await newTenant(kit)];
  owner = acme.owner;
  guest = await newMember(kit, acme, 'GUEST');
  [open, secret] = [await newCollection(kit, owner), await newCollection(kit, owner)];
  await shareWith(kit, owner, open, guest, 'VIEWER');
  const shown = await newFindable(kit, owner, open, { title: 'A bittern in the reeds', tags: ['bird'], metadata: { seen: 3, 'a.b': 'x', "q'": true } });
  const hidden = await newFindable(kit, owner, secret, { title: 'A bittern nobody knows', body: 'zanzibar bitterns', tags: ['hushed'], metadata: { seen: 3, plan: 'hushed' } });
  [openId, hiddenId] = [shown.id, hidden.id];
  await heardOf(kit, owner, [shown, hidden]);
});
afterAll(() => kit.stop());

/** A code of ours, and never one that says that we are at fault. */
const judged = (answer: Awaited<ReturnType<typeof searchAnswer>>): string => {
  const code = codeOf(answer);
  if (code !== undefined && !REFUSALS.includes(code)) throw new Error(`${code}: ${JSON.stringify(answer.errors)}`);
  return JSON.stringify(answer);
};

describe('whatever is asked', () => {
  const piece = fc.oneof(
    fc.constantFrom('bittern', '"', '“', '-', ' ', '\t', '\0', '\u0001', '\u200b', '\u202e', '\ud800', '\\', "'", '%', '*', '(', ')', '||', '&&', 'AND', 'NOT', ':', '<->', '{"a":1}', '中', '🦊', 'ﷺ', '--', '`', '$1', '?', '??', '\uffff'),
    fc.string({ unit: 'binary', maxLength: 8 }));
  const question = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
  const scalar = fc.oneof(fc.string({ maxLength: 12 }), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constantFrom('3', "' OR 1=1 --", '\0', '" OR tenant EXISTS OR "'));
  const filter = fc.record({
    tags: fc.array(fc.oneof(fc.string({ maxLength: 10 }), fc.constantFrom("bird'", 'bird" OR "', '\ud83d', 'hushed', '')), { maxLength: 4 }),
    collectionIds: fc.array(fc.oneof(fc.constantFrom('col_x', "'", '', open), fc.string({ maxLength: 30 })), { maxLength: 3 }),
    createdBy: fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom("usr_' OR ''='", '')),
    createdAfter: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    createdBefore: fc.constantFrom('0001-01-01T00:00:00Z', '+275760-09-13T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '2026-02-30T00:00:00Z'),
    metadata: fc.dictionary(fc.oneof(fc.string({ maxLength: 10 }), fc.constantFrom('__proto__', 'constructor', 'a.b', "q'", 'seen', '')), scalar, { maxKeys: 4 }),
  }, { requiredKeys: [] });

  it('is answered, or refused by what was wrong with it, and shows nothing that is hidden', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...MODES), question, filter, fc.integer({ min: -2, max: 105 }), async (mode, query, asked, first) => {
      const said = judged(await searchAnswer(kit, guest, query, { mode, filter: asked, first }));
      for (const word of [hiddenId, secret, 'hushed', 'zanzibar', 'nobody knows']) if (!query.includes(word) && said.includes(word) && !JSON.stringify(asked).includes(word)) throw new Error(`${word} is told: ${said}`);
    }), { numRuns: 250 });
  }, 120_000);

  it('begins words with it, or is refused', async () => {
    await fc.assert(fc.asyncProperty(question, fc.integer({ min: -1, max: 22 }), async (prefix, first) => {
      const said = judged(await kit.ask('search', SUGGEST, { prefix, first }, guest.viewer));
      for (const word of ['zanzibar', 'nobody', 'knows', 'bitterns', 'hushed']) if (said.includes(word)) throw new Error(`${word} is told.`);
    }), { numRuns: 120 });
  }, 120_000);

  it.each([0, -1, 101, 2 ** 31 - 1])('is answered in pages of 1 to 100 hits, never of %d', async (first) => {
    for (const mode of MODES) expect(codeOf(await searchAnswer(kit, owner, 'bittern', { mode, first }))).toBe('PAGE_SIZE');
  });

  it('goes on after no cursor that was not made for it', async () => {
    const { edges: [{ cursor }] } = dataOf(await searchAnswer(kit, owner, 'bittern', { first: 1 })).search;
    const [body, mark] = (cursor as string).split('.') as [string, string];
    const forged = Buffer.from(JSON.stringify(['1e308', hiddenId])).toString('base64url');
    for (const after of ['', 'x', `${forged}.${mark}`, `${body}.${'A'.repeat(22)}`, `${cursor} `, `${body}`, `${'A'.repeat(10_000)}.${mark}`]) expect(codeOf(await searchAnswer(kit, owner, 'bittern', { after }))).toBe('CURSOR_INVALID');
    for (const more of [{ mode: 'HYBRID' }, { filter: { tags: ['bird'] } }]) expect(codeOf(await searchAnswer(kit, owner, 'bittern', { after: cursor, ...more }))).toBe('CURSOR_INVALID');
    expect(codeOf(await searchAnswer(kit, other.owner, 'bittern', { after: cursor }))).toBe('CURSOR_INVALID');
    // Somebody else of the tenant, with the same question: a place in the list, which holds no more than they see.
    const { ids } = await search(kit, guest, 'bittern', { after: cursor });
    expect(ids).not.toContain(hiddenId);
  });

  it('waits for no write of another tenant, nor for one that nobody made', async () => {
    const token = tokensOf(kit).seal(other.id, []);
    for (const atLeast of [token, `${token}x`, '', 'a.b.c']) for (const mode of MODES) expect(codeOf(await searchAnswer(kit, owner, 'bittern', { mode, atLeast }))).toBe('WRITE_TOKEN_INVALID');
  });
});

describe('whoever reaches a part', () => {
  it.each(MODES)('is told by %s of that part alone, in hits, counts, facets and scores', async (mode) => {
    const alone = await newTenant(kit);
    const there = await newCollection(kit, alone.owner);
    await heardOf(kit, alone.owner, [await newFindable(kit, alone.owner, there, { title: 'A bittern in the reeds', tags: ['bird'] })]);
    const expected = await search(kit, alone.owner, 'bittern', { mode });
    for (const person of [guest, keyOf(acme, owner, 'OWNER', ['search:read'], [open]), keyOf(acme, guest, 'GUEST', ['search:read'])]) {
      const found = await search(kit, person, 'bittern', { mode });
      expect(found).toMatchObject({ ids: [openId], totalCount: 1 });
      expect(found.nodes.map(({ score }) => score)).toEqual(expected.nodes.map(({ score }) => score));
      expect(found.facets.map(({ field, values }) => [field, values.length])).toEqual(expected.facets.map(({ field, values }) => [field, values.length]));
      for (const query of ['zanzibar', 'knows', '"bittern nobody"', 'bittern -reeds', 'zanzibr']) expect(await search(kit, person, query, { mode })).toMatchObject({ ids: [], totalCount: 0, facets: [] });
      for (const filter of [{ tags: ['hushed'] }, { collectionIds: [secret] }, { metadata: { plan: 'hushed' } }]) expect(await search(kit, person, 'bittern', { mode, filter })).toMatchObject({ ids: [], totalCount: 0, facets: [] });
    }
  });

  it('learns nothing of an item by its like', async () => {
    const LIKE = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Item { similar(first: 20) { id } } } }';
    const like = async (person: Person, id: string) => dataOf(await kit.ask('search', LIKE, { representations: [{ __typename: 'Item', id }] }, person.viewer))._entities[0].similar;
    expect(await like(owner, hiddenId)).toEqual([{ id: openId }]);
    for (const person of [guest, keyOf(acme, owner, 'OWNER', ['search:read'], [open]), other.owner]) expect(await like(person, hiddenId)).toEqual([]);
    expect(await like(guest, openId)).toEqual([]);
  });
});

describe('a collection', () => {
  it('that has another name is found as before, and one that is gone by nobody, not even by its id', async () => {
    const doomed = await newCollection(kit, owner);
    await shareWith(kit, owner, doomed, guest, 'VIEWER');
    const { id, token } = await newFindable(kit, owner, doomed, { title: 'A pratincole' });
    const renamed = await written(kit, owner, RENAME, { id: doomed, name: `Other'; --` });
    for (const atLeast of [token, renamed.token]) expect(await search(kit, guest, 'pratincole', { atLeast })).toMatchObject({ ids: [id] });
    await written(kit, owner, DELETE_COLLECTION, { id: doomed });
    // Whether or not it has been heard of.
    for (const mode of MODES) for (const filter of [{}, { collectionIds: [doomed] }]) {
      expect(await search(kit, guest, 'pratincole', { mode, filter })).toMatchObject({ ids: [], totalCount: 0, facets: [] });
      expect(await search(kit, owner, 'pratincole', { mode, filter })).toMatchObject({ ids: [], totalCount: 0 });
    }
    expect(dataOf(await kit.ask('search', SUGGEST, { prefix: 'pratinc' }, guest.viewer))).toEqual({ suggest: [] });
  });
});

describe('what is written to stop the index', () => {
  it.each([
    ['a page without a blank', '中'.repeat(25_000)], ['words of no language', `bittern ø̈ё'dyъё çdbışъb ${'b\u0301\u0300'.repeat(2_000)}`], ['one endless word', 'a'.repeat(90_000)], ['accents upon accents', `a${'\u0301'.repeat(40_000)}`],
  ])('is found and found by, in whatever language: %s', async (_, body) => {
    const hostile = await newCollection(kit, owner, { settings: { language: 'bg' } });
    const { id, token } = await newFindable(kit, owner, hostile, { title: 'A ruff', body });
    await heardOf(kit, owner, [{ token }]);
    for (const mode of MODES) expect((await search(kit, owner, 'ruff', { mode })).ids).toContain(id);
    judged(await searchAnswer(kit, owner, body.slice(0, 900)));
  });
});
